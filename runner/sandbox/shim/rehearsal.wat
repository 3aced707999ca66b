;; No part of the shim, but as ready as it: the guest by which a worker goes through a job's motions
;; before it has one.
(module (memory (export "memory") 1) (func (export "_start")))
