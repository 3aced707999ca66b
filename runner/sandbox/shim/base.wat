;; What `front` and `back` share: the table that leads from one to the other, and questions about
;; the guest's descriptors, asked in a memory of our own, for its memory is not ours to write to.
(module
  (import "wasi_snapshot_preview1" "fd_filestat_get"
    (func $fd_filestat_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_fdstat_get"
    (func $fd_fdstat_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_tell" (func $fd_tell (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff"
    (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (table (export "table") 24 funcref)

  ;; The size of a regular file; -1 for anything else.
  (func $size (param $fd i32) (result i64)
    (if (call $fd_filestat_get (local.get $fd) (i32.const 0)) (then (return (i64.const -1))))
    (if (i32.ne (i32.load8_u (i32.const 16)) (i32.const 4)) (then (return (i64.const -1))))
    (i64.load (i32.const 32)))

  ;; Where the next write to a file of that size begins.
  (func $place (param $fd i32) (param $size i64) (result i64)
    (if (call $fd_fdstat_get (local.get $fd) (i32.const 64)) (then (return (i64.const 0))))
    (if (i32.and (i32.load16_u (i32.const 66)) (i32.const 1)) (then (return (local.get $size))))
    (if (call $fd_tell (local.get $fd) (i32.const 128)) (then (return (i64.const 0))))
    (i64.load (i32.const 128)))

  ;; By how many bytes a file grows if it is written at `offset` (-1: where it stands) for `count`.
  (func (export "growth") (param $fd i32) (param $offset i64) (param $count i64) (result i64)
    (local $size i64) (local $end i64)
    (local.set $size (call $size (local.get $fd)))
    (if (i64.lt_s (local.get $size) (i64.const 0)) (then (return (i64.const 0))))
    (if (i64.eq (local.get $offset) (i64.const -1))
      (then (local.set $offset (call $place (local.get $fd) (local.get $size)))))
    (local.set $end (i64.add (local.get $offset) (local.get $count)))
    (if (i64.lt_s (i64.or (local.get $end) (local.get $offset)) (i64.const 0))
      (then (return (i64.const 0x7fffffffffffffff))))
    (if (i64.le_s (local.get $end) (local.get $size)) (then (return (i64.const 0))))
    (i64.sub (local.get $end) (local.get $size)))

  ;; Whether a descriptor is ready now; `word` then tells its event, a quarter at a time.
  (func (export "is_ready") (param $user i64) (param $tag i32) (param $fd i32) (result i32)
    (memory.fill (i32.const 512) (i32.const 0) (i32.const 256))
    (i64.store (i32.const 512) (local.get $user))
    (i32.store8 (i32.const 520) (local.get $tag))
    (i32.store (i32.const 528) (local.get $fd))
    (i32.store (i32.const 576) (i32.const 1)) ;; 48 bytes on: the monotonic clock, due at once
    (if (call $poll_oneoff (i32.const 512) (i32.const 640) (i32.const 2) (i32.const 704))
      (then (return (i32.const 0))))
    (if (i32.eq (i32.load8_u (i32.const 650)) (local.get $tag)) (then (return (i32.const 1))))
    (if (i32.lt_u (i32.load (i32.const 704)) (i32.const 2)) (then (return (i32.const 0))))
    (memory.copy (i32.const 640) (i32.const 672) (i32.const 32))
    (i32.eq (i32.load8_u (i32.const 650)) (local.get $tag)))

  (func (export "word") (param $place i32) (result i64)
    (i64.load (i32.add (i32.const 640) (i32.shl (local.get $place) (i32.const 3))))))
