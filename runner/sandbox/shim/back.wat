;; The policy of a step, between the guest and WASI: what is watched, counted, or put in the place of
;; the real thing. In WebAssembly because a call costs nanoseconds here and ten microseconds in
;; Python, and because what goes wrong here is a trap like any other.
(module
  (import "guest" "memory" (memory 0))
  (import "base" "table" (table 24 funcref))
  (import "base" "growth" (func $growth (param i32 i64 i64) (result i64)))
  (import "base" "is_ready" (func $is_ready (param i64 i32 i32) (result i32)))
  (import "base" "word" (func $word (param i32) (result i64)))
  ;; host.note: (act, error, descriptor, path, its length) -> whether to note no more
  (import "host" "note" (func $note_ (param i32 i32 i32 i32 i32) (result i32)))
  ;; host.measure: how much is left, found by looking: of bytes (0) or of names (1)
  (import "host" "measure" (func $measure (param i32) (result i64)))
  (import "wasi_snapshot_preview1" "clock_res_get"
    (func $clock_res_get_ (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get"
    (func $clock_time_get_ (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_allocate"
    (func $fd_allocate_ (param i32 i64 i64) (result i32)))
  (import "wasi_snapshot_preview1" "fd_filestat_get"
    (func $fd_filestat_get_ (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_filestat_set_size"
    (func $fd_filestat_set_size_ (param i32 i64) (result i32)))
  (import "wasi_snapshot_preview1" "fd_filestat_set_times"
    (func $fd_filestat_set_times_ (param i32 i64 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_pread"
    (func $fd_pread_ (param i32 i32 i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_pwrite"
    (func $fd_pwrite_ (param i32 i32 i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read"
    (func $fd_read_ (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write_ (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_create_directory"
    (func $path_create_directory_ (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_filestat_get"
    (func $path_filestat_get_ (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_filestat_set_times"
    (func $path_filestat_set_times_ (param i32 i32 i32 i32 i64 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_link"
    (func $path_link_ (param i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open_ (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_remove_directory"
    (func $path_remove_directory_ (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_rename"
    (func $path_rename_ (param i32 i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_symlink"
    (func $path_symlink_ (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_unlink_file"
    (func $path_unlink_file_ (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff"
    (func $poll_oneoff_ (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get"
    (func $random_get_ (param i32 i32) (result i32)))

  (export "memory" (memory 0)) ;; by this name WASI finds the memory that its arguments point to

  ;; In the order of `front`.
  (elem (table 0) (i32.const 0) func
    $clock_res_get $clock_time_get $fd_allocate $fd_filestat_get $fd_filestat_set_size
    $fd_filestat_set_times $fd_pread $fd_pwrite $fd_read $fd_write $path_create_directory
    $path_filestat_get $path_filestat_set_times $path_link $path_open $path_remove_directory
    $path_rename $path_symlink $path_unlink_file $poll_oneoff $random_get)

  (global $partial (mut i64) (i64.const 0)) ;; bit n: what descriptor n lacks may have been withheld
  (global $can_make (mut i32) (i32.const 1)) ;; folders
  (global $has_clock (mut i32) (i32.const 0))
  (global $start (mut i64) (i64.const 0)) ;; nanoseconds since the epoch
  (global $now (mut i64) (i64.const 0))
  (global $seed (mut i64) (i64.const 0))
  (global $counts_bytes (mut i32) (i32.const 0))
  (global $bytes (mut i64) (i64.const 0)) ;; by which the writable folders may still grow
  (global $counts_names (mut i32) (i32.const 0))
  (global $names (mut i64) (i64.const 0))
  (global $is_quiet (mut i32) (i32.const 0))
  (global $read (mut i64) (i64.const 0)) ;; bytes, for the account
  (global $written (mut i64) (i64.const 0))

  (func (export "set_rules")
    (param $partial i64) (param $can_make i64) (param $has_clock i64) (param $start i64)
    (param $seed i64) (param $bytes i64) (param $names i64)
    (global.set $partial (local.get $partial))
    (global.set $can_make (i32.wrap_i64 (local.get $can_make)))
    (global.set $has_clock (i32.wrap_i64 (local.get $has_clock)))
    (global.set $start (local.get $start))
    (global.set $now (local.get $start))
    (global.set $seed (local.get $seed))
    (global.set $counts_bytes (i64.ne (local.get $bytes) (i64.const 0)))
    (global.set $bytes (local.get $bytes))
    (global.set $counts_names (i64.ne (local.get $names) (i64.const 0)))
    (global.set $names (local.get $names)))

  (func (export "usage") (result i64 i64) (global.get $read) (global.get $written))

  ;; ---- Refusals. Acts: 1 read, 2 write, 3 make a folder, 4 remove, 5 rename, 6 link, 7 set times,
  ;; 8 a file too large, 9 grown by too many bytes, 10 by too many names.

  (func $note (param $act i32) (param $error i32) (param $fd i32) (param $path i32) (param $size i32)
    (if (global.get $is_quiet) (then (return)))
    (global.set $is_quiet
      (call $note_ (local.get $act) (local.get $error) (local.get $fd)
        (local.get $path) (local.get $size))))

  ;; Pass on the error of an act upon a path, and note it if it was a refusal: not permitted, not
  ;; capable, read-only; not found where something may have been withheld.
  (func $told (param $error i32) (param $act i32) (param $fd i32) (param $path i32) (param $size i32)
    (result i32)
    (if (i32.eqz (local.get $error)) (then (return (i32.const 0))))
    (if (i32.or
          (i32.or (i32.eq (local.get $error) (i32.const 63)) (i32.eq (local.get $error) (i32.const 76)))
          (i32.or (i32.eq (local.get $error) (i32.const 69))
            (i32.and (i32.eq (local.get $error) (i32.const 44)) (call $is_partial (local.get $fd)))))
      (then
        (call $note (local.get $act) (local.get $error) (local.get $fd)
          (local.get $path) (local.get $size))))
    (local.get $error))

  (func $is_partial (param $fd i32) (result i32)
    (if (i32.ge_u (local.get $fd) (i32.const 64)) (then (return (i32.const 0))))
    (i32.wrap_i64 (i64.and (i64.const 1)
      (i64.shr_u (global.get $partial) (i64.extend_i32_u (local.get $fd))))))

  ;; ---- Growth.

  ;; Whether there is room for so many more bytes; if not by our count, then by looking.
  (func $has_bytes (param $more i64) (param $fd i32) (result i32)
    (if (i64.le_s (local.get $more) (global.get $bytes)) (then (return (i32.const 1))))
    (global.set $bytes (call $measure (i32.const 0)))
    (if (i64.le_s (local.get $more) (global.get $bytes)) (then (return (i32.const 1))))
    (call $note (i32.const 9) (i32.const 51) (local.get $fd) (i32.const 0) (i32.const 0))
    (i32.const 0))

  (func $has_room (result i32)
    (if (i32.eqz (global.get $counts_names)) (then (return (i32.const 1))))
    (if (i64.gt_s (global.get $names) (i64.const 0)) (then (return (i32.const 1))))
    (global.set $names (call $measure (i32.const 1)))
    (i64.gt_s (global.get $names) (i64.const 0)))

  (func $has_name (param $fd i32) (param $path i32) (param $size i32) (result i32)
    (if (call $has_room) (then (return (i32.const 1))))
    (call $note (i32.const 10) (i32.const 51) (local.get $fd) (local.get $path) (local.get $size))
    (i32.const 0))

  (func $count_name (param $error i32) (result i32)
    (if (i32.eqz (local.get $error))
      (then (global.set $names (i64.sub (global.get $names) (i64.const 1)))))
    (local.get $error))

  ;; Pass on the error of a write that made a file `more` bytes longer, or was too large for a file.
  (func $count_bytes (param $error i32) (param $more i64) (param $fd i32) (result i32)
    (if (i32.eqz (local.get $error))
      (then (global.set $bytes (i64.sub (global.get $bytes) (local.get $more)))))
    (if (i32.eq (local.get $error) (i32.const 22))
      (then
        (call $note (i32.const 8) (i32.const 22) (local.get $fd) (i32.const 0) (i32.const 0))))
    (local.get $error))

  (func $sum (param $vectors i32) (param $count i32) (result i64)
    (local $sum i64)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $sum (i64.add (local.get $sum) (i64.load32_u offset=4 (local.get $vectors))))
        (local.set $vectors (i32.add (local.get $vectors) (i32.const 8)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next)))
    (local.get $sum))

  ;; The bytes of files only: 0, 1 and 2 are the guest's standard streams.
  (func $count_read (param $error i32) (param $fd i32) (param $size i32) (result i32)
    (if (i32.and (i32.eqz (local.get $error)) (i32.gt_u (local.get $fd) (i32.const 2)))
      (then (global.set $read (i64.add (global.get $read) (i64.load32_u (local.get $size))))))
    (local.get $error))

  (func $count_written (param $error i32) (param $fd i32) (param $size i32) (result i32)
    (if (i32.and (i32.eqz (local.get $error)) (i32.gt_u (local.get $fd) (i32.const 2)))
      (then (global.set $written (i64.add (global.get $written) (i64.load32_u (local.get $size))))))
    (local.get $error))

  ;; ---- The clock: it stands at $now, and moves when the guest sleeps.

  ;; Time as the clock of that id shows it: the real-time one, or the one that began with the guest.
  ;; That begins at a second, because the runtime of Go refuses a clock that shows 0. There are no
  ;; others, as there are none in wasmtime: libraries ask, and have something to fall back on.
  (func $shown (param $id i32) (result i64)
    (if (i32.eqz (local.get $id)) (then (return (global.get $now))))
    (i64.add (i64.const 1000000000) (i64.sub (global.get $now) (global.get $start))))

  (func $earlier (param $one i64) (param $other i64) (result i64)
    (select (local.get $one) (local.get $other) (i64.lt_u (local.get $one) (local.get $other))))

  ;; No file looks newer than the clock: by its times a guest could tell what time it really is.
  (func $age (param $error i32) (param $status i32) (result i32)
    (if (i32.and (i32.eqz (local.get $error)) (global.get $has_clock))
      (then
        (i64.store offset=40 (local.get $status)
          (call $earlier (i64.load offset=40 (local.get $status)) (global.get $now)))
        (i64.store offset=48 (local.get $status)
          (call $earlier (i64.load offset=48 (local.get $status)) (global.get $now)))
        (i64.store offset=56 (local.get $status)
          (call $earlier (i64.load offset=56 (local.get $status)) (global.get $now)))))
    (local.get $error))

  ;; The flags of set_times, with "now" (2, 8) put as a given time (1, 4).
  (func $given (param $flags i32) (result i32)
    (i32.or
      (i32.and (local.get $flags) (i32.const 5))
      (i32.shr_u (i32.and (local.get $flags) (i32.const 10)) (i32.const 1))))

  ;; When a subscription to a clock is due, as real time; `from` is the present.
  (func $due (param $subscription i32) (param $from i64) (result i64)
    (local $time i64) (local $due i64)
    (local.set $time (i64.load offset=24 (local.get $subscription)))
    (if (i32.and (i32.load16_u offset=40 (local.get $subscription)) (i32.const 1))
      (then
        (if (i32.eqz (i32.load offset=16 (local.get $subscription)))
          (then (return (local.get $time))))
        (local.set $from (i64.sub (global.get $start) (i64.const 1000000000)))))
    (local.set $due (i64.add (local.get $from) (local.get $time)))
    (select (i64.const -1) (local.get $due) (i64.lt_u (local.get $due) (local.get $from))))

  (func $is_clock (param $subscription i32) (result i32)
    (i32.eqz (i32.load8_u offset=8 (local.get $subscription))))

  ;; The subscriptions to descriptors that are ready, told as events; how many they are.
  (func $poll_files (param $in i32) (param $out i32) (param $count i32) (result i32)
    (local $found i32)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $count)))
        (if (i32.eqz (call $is_clock (local.get $in)))
          (then
            (if (call $is_ready (i64.load (local.get $in)) (i32.load8_u offset=8 (local.get $in))
                  (i32.load offset=16 (local.get $in)))
              (then
                (i64.store (local.get $out) (call $word (i32.const 0)))
                (i64.store offset=8 (local.get $out) (call $word (i32.const 1)))
                (i64.store offset=16 (local.get $out) (call $word (i32.const 2)))
                (i64.store offset=24 (local.get $out) (call $word (i32.const 3)))
                (local.set $out (i32.add (local.get $out) (i32.const 32)))
                (local.set $found (i32.add (local.get $found) (i32.const 1)))))))
        (local.set $in (i32.add (local.get $in) (i32.const 48)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next)))
    (local.get $found))

  ;; When the first of the subscribed clocks is due; the end of time if there is none.
  (func $first_due (param $in i32) (param $count i32) (result i64)
    (local $first i64)
    (local.set $first (i64.const -1))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $count)))
        (if (call $is_clock (local.get $in))
          (then
            (local.set $first
              (call $earlier (local.get $first) (call $due (local.get $in) (global.get $now))))))
        (local.set $in (i32.add (local.get $in) (i32.const 48)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next)))
    (local.get $first))

  ;; Sleep: move the clock on, and tell which subscriptions are due then; how many they are.
  (func $sleep (param $in i32) (param $out i32) (param $count i32) (result i32)
    (local $found i32) (local $from i64) (local $until i64)
    (local.set $from (global.get $now))
    (local.set $until (call $first_due (local.get $in) (local.get $count)))
    (if (i64.gt_u (local.get $until) (local.get $from))
      (then (global.set $now (local.get $until))))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $count)))
        (if (call $is_clock (local.get $in))
          (then
            (if (i64.le_u (call $due (local.get $in) (local.get $from)) (global.get $now))
              (then
                (i64.store (local.get $out) (i64.load (local.get $in)))
                (memory.fill (i32.add (local.get $out) (i32.const 8)) (i32.const 0) (i32.const 24))
                (local.set $out (i32.add (local.get $out) (i32.const 32)))
                (local.set $found (i32.add (local.get $found) (i32.const 1)))))))
        (local.set $in (i32.add (local.get $in) (i32.const 48)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next)))
    (local.get $found))

  (func $has_subscription (param $in i32) (param $count i32) (param $clocks i32) (result i32)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $count)))
        (if (i32.eq (call $is_clock (local.get $in)) (local.get $clocks))
          (then (return (i32.const 1))))
        (local.set $in (i32.add (local.get $in) (i32.const 48)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next)))
    (i32.const 0))

  ;; splitmix64: not for secrets, which nothing that repeats can be.
  (func $random (result i64)
    (local $z i64)
    (global.set $seed (i64.add (global.get $seed) (i64.const 0x9e3779b97f4a7c15)))
    (local.set $z (global.get $seed))
    (local.set $z
      (i64.mul (i64.xor (local.get $z) (i64.shr_u (local.get $z) (i64.const 30)))
        (i64.const 0xbf58476d1ce4e5b9)))
    (local.set $z
      (i64.mul (i64.xor (local.get $z) (i64.shr_u (local.get $z) (i64.const 27)))
        (i64.const 0x94d049bb133111eb)))
    (i64.xor (local.get $z) (i64.shr_u (local.get $z) (i64.const 31))))

  ;; ---- The functions of WASI.

  (func $clock_res_get (param $id i32) (param $out i32) (result i32)
    (if (i32.eqz (global.get $has_clock))
      (then (return (call $clock_res_get_ (local.get $id) (local.get $out)))))
    (if (i32.gt_u (local.get $id) (i32.const 1)) (then (return (i32.const 8))))
    (i64.store (local.get $out) (i64.const 1))
    (i32.const 0))

  (func $clock_time_get (param $id i32) (param $precision i64) (param $out i32) (result i32)
    (if (i32.eqz (global.get $has_clock))
      (then
        (return (call $clock_time_get_ (local.get $id) (local.get $precision) (local.get $out)))))
    (if (i32.gt_u (local.get $id) (i32.const 1)) (then (return (i32.const 8))))
    (i64.store (local.get $out) (call $shown (local.get $id)))
    (i32.const 0))

  (func $poll_oneoff (param $in i32) (param $out i32) (param $count i32) (param $found i32)
    (result i32) (local $ready i32)
    (if (i32.or (i32.eqz (global.get $has_clock))
          (i32.eqz (call $has_subscription (local.get $in) (local.get $count) (i32.const 1))))
      (then
        (return (call $poll_oneoff_ (local.get $in) (local.get $out)
          (local.get $count) (local.get $found)))))
    (local.set $ready (call $poll_files (local.get $in) (local.get $out) (local.get $count)))
    (if (i32.eqz (local.get $ready))
      (then (local.set $ready (call $sleep (local.get $in) (local.get $out) (local.get $count)))))
    (i32.store (local.get $found) (local.get $ready))
    (i32.const 0))

  (func $random_get (param $out i32) (param $size i32) (result i32)
    (local $bits i64) (local $left i32)
    (if (i32.eqz (global.get $has_clock))
      (then (return (call $random_get_ (local.get $out) (local.get $size)))))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $size)))
        (if (i32.eqz (local.get $left))
          (then
            (local.set $bits (call $random))
            (local.set $left (i32.const 8))))
        (i64.store8 (local.get $out) (local.get $bits))
        (local.set $bits (i64.shr_u (local.get $bits) (i64.const 8)))
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (local.set $out (i32.add (local.get $out) (i32.const 1)))
        (local.set $size (i32.sub (local.get $size) (i32.const 1)))
        (br $next)))
    (i32.const 0))

  (func $fd_read (param $fd i32) (param $vectors i32) (param $count i32) (param $size i32)
    (result i32)
    (call $count_read
      (call $fd_read_ (local.get $fd) (local.get $vectors) (local.get $count) (local.get $size))
      (local.get $fd) (local.get $size)))

  (func $fd_pread (param $fd i32) (param $vectors i32) (param $count i32) (param $offset i64)
    (param $size i32) (result i32)
    (call $count_read
      (call $fd_pread_ (local.get $fd) (local.get $vectors) (local.get $count) (local.get $offset)
        (local.get $size))
      (local.get $fd) (local.get $size)))

  (func $fd_write (param $fd i32) (param $vectors i32) (param $count i32) (param $size i32)
    (result i32) (local $more i64)
    (if (global.get $counts_bytes)
      (then
        (local.set $more
          (call $growth (local.get $fd) (i64.const -1)
            (call $sum (local.get $vectors) (local.get $count))))
        (if (i32.eqz (call $has_bytes (local.get $more) (local.get $fd)))
          (then (return (i32.const 51))))))
    (call $count_written
      (call $count_bytes
        (call $fd_write_ (local.get $fd) (local.get $vectors) (local.get $count) (local.get $size))
        (local.get $more) (local.get $fd))
      (local.get $fd) (local.get $size)))

  (func $fd_pwrite (param $fd i32) (param $vectors i32) (param $count i32) (param $offset i64)
    (param $size i32) (result i32) (local $more i64)
    (if (i32.and (global.get $counts_bytes) (i64.ge_s (local.get $offset) (i64.const 0)))
      (then
        (local.set $more
          (call $growth (local.get $fd) (local.get $offset)
            (call $sum (local.get $vectors) (local.get $count))))
        (if (i32.eqz (call $has_bytes (local.get $more) (local.get $fd)))
          (then (return (i32.const 51))))))
    (call $count_written
      (call $count_bytes
        (call $fd_pwrite_ (local.get $fd) (local.get $vectors) (local.get $count)
          (local.get $offset) (local.get $size))
        (local.get $more) (local.get $fd))
      (local.get $fd) (local.get $size)))

  (func $fd_allocate (param $fd i32) (param $offset i64) (param $size i64) (result i32)
    (local $more i64)
    (if (i32.and (global.get $counts_bytes) (i64.ge_s (local.get $offset) (i64.const 0)))
      (then
        (local.set $more
          (call $growth (local.get $fd) (local.get $offset) (local.get $size)))
        (if (i32.eqz (call $has_bytes (local.get $more) (local.get $fd)))
          (then (return (i32.const 51))))))
    (call $count_bytes
      (call $fd_allocate_ (local.get $fd) (local.get $offset) (local.get $size))
      (local.get $more) (local.get $fd)))

  (func $fd_filestat_set_size (param $fd i32) (param $size i64) (result i32) (local $more i64)
    (if (global.get $counts_bytes)
      (then
        (local.set $more (call $growth (local.get $fd) (i64.const 0) (local.get $size)))
        (if (i32.eqz (call $has_bytes (local.get $more) (local.get $fd)))
          (then (return (i32.const 51))))))
    (call $count_bytes
      (call $fd_filestat_set_size_ (local.get $fd) (local.get $size))
      (local.get $more) (local.get $fd)))

  (func $fd_filestat_get (param $fd i32) (param $status i32) (result i32)
    (call $age (call $fd_filestat_get_ (local.get $fd) (local.get $status)) (local.get $status)))

  (func $fd_filestat_set_times (param $fd i32) (param $read i64) (param $written i64)
    (param $flags i32) (result i32)
    (if (global.get $has_clock)
      (then
        (if (i32.and (local.get $flags) (i32.const 2))
          (then (local.set $read (global.get $now))))
        (if (i32.and (local.get $flags) (i32.const 8))
          (then (local.set $written (global.get $now))))
        (local.set $flags (call $given (local.get $flags)))))
    (call $fd_filestat_set_times_ (local.get $fd) (local.get $read) (local.get $written)
      (local.get $flags)))

  (func $path_filestat_get (param $fd i32) (param $flags i32) (param $path i32) (param $size i32)
    (param $status i32) (result i32)
    (call $age
      (call $told
        (call $path_filestat_get_ (local.get $fd) (local.get $flags) (local.get $path)
          (local.get $size) (local.get $status))
        (i32.const 1) (local.get $fd) (local.get $path) (local.get $size))
      (local.get $status)))

  (func $path_filestat_set_times (param $fd i32) (param $follow i32) (param $path i32)
    (param $size i32) (param $read i64) (param $written i64) (param $flags i32) (result i32)
    (if (global.get $has_clock)
      (then
        (if (i32.and (local.get $flags) (i32.const 2))
          (then (local.set $read (global.get $now))))
        (if (i32.and (local.get $flags) (i32.const 8))
          (then (local.set $written (global.get $now))))
        (local.set $flags (call $given (local.get $flags)))))
    (call $told
      (call $path_filestat_set_times_ (local.get $fd) (local.get $follow) (local.get $path)
        (local.get $size) (local.get $read) (local.get $written) (local.get $flags))
      (i32.const 7) (local.get $fd) (local.get $path) (local.get $size)))

  (func $path_create_directory (param $fd i32) (param $path i32) (param $size i32) (result i32)
    (if (i32.eqz (global.get $can_make))
      (then
        (call $note (i32.const 3) (i32.const 0) (local.get $fd) (local.get $path) (local.get $size))
        (return (i32.const 76))))
    (if (i32.eqz (call $has_name (local.get $fd) (local.get $path) (local.get $size)))
      (then (return (i32.const 51))))
    (call $count_name
      (call $told
        (call $path_create_directory_ (local.get $fd) (local.get $path) (local.get $size))
        (i32.const 3) (local.get $fd) (local.get $path) (local.get $size))))

  ;; To open with the right to write, to create or to truncate is to write. (Other rights say
  ;; nothing: Go asks for some of them to read.) A creation counts as a name also if there was such a file; a look corrects that, and
  ;; where no name is left, what is there already may still be opened.
  (func $path_open (param $fd i32) (param $follow i32) (param $path i32) (param $size i32)
    (param $how i32) (param $rights i64) (param $inherited i64) (param $flags i32)
    (param $opened i32) (result i32) (local $error i32) (local $act i32)
    (local.set $act
      (i32.add (i32.const 1)
        (i32.or
          (i32.ne (i32.and (local.get $how) (i32.const 9)) (i32.const 0))
          (i64.ne (i64.and (local.get $rights) (i64.const 0x40)) (i64.const 0)))))
    (if (i32.and (local.get $how) (i32.const 1))
      (then
        (if (i32.eqz (call $has_room))
          (then
            (local.set $error (i32.const 44))
            (if (i32.eqz (i32.and (local.get $how) (i32.const 4)))
              (then
                (local.set $error
                  (call $path_open_ (local.get $fd) (local.get $follow) (local.get $path)
                    (local.get $size) (i32.and (local.get $how) (i32.const -2))
                    (local.get $rights) (local.get $inherited) (local.get $flags)
                    (local.get $opened)))))
            (if (i32.ne (local.get $error) (i32.const 44)) (then (return (local.get $error))))
            (drop (call $has_name (local.get $fd) (local.get $path) (local.get $size)))
            (return (i32.const 51))))))
    (local.set $error
      (call $told
        (call $path_open_ (local.get $fd) (local.get $follow) (local.get $path) (local.get $size)
          (local.get $how) (local.get $rights) (local.get $inherited) (local.get $flags)
          (local.get $opened))
        (local.get $act) (local.get $fd) (local.get $path) (local.get $size)))
    (if (i32.and (local.get $how) (i32.const 1))
      (then (drop (call $count_name (local.get $error)))))
    (local.get $error))

  (func $path_link (param $from i32) (param $follow i32) (param $old i32) (param $old_size i32)
    (param $fd i32) (param $path i32) (param $size i32) (result i32)
    (if (i32.eqz (call $has_name (local.get $fd) (local.get $path) (local.get $size)))
      (then (return (i32.const 51))))
    (call $count_name
      (call $told
        (call $path_link_ (local.get $from) (local.get $follow) (local.get $old)
          (local.get $old_size) (local.get $fd) (local.get $path) (local.get $size))
        (i32.const 6) (local.get $fd) (local.get $path) (local.get $size))))

  (func $path_symlink (param $old i32) (param $old_size i32) (param $fd i32) (param $path i32)
    (param $size i32) (result i32)
    (if (i32.eqz (call $has_name (local.get $fd) (local.get $path) (local.get $size)))
      (then (return (i32.const 51))))
    (call $count_name
      (call $told
        (call $path_symlink_ (local.get $old) (local.get $old_size) (local.get $fd)
          (local.get $path) (local.get $size))
        (i32.const 6) (local.get $fd) (local.get $path) (local.get $size))))

  (func $path_rename (param $from i32) (param $old i32) (param $old_size i32) (param $fd i32)
    (param $path i32) (param $size i32) (result i32)
    (call $told
      (call $path_rename_ (local.get $from) (local.get $old) (local.get $old_size) (local.get $fd)
        (local.get $path) (local.get $size))
      (i32.const 5) (local.get $from) (local.get $old) (local.get $old_size)))

  (func $path_remove_directory (param $fd i32) (param $path i32) (param $size i32) (result i32)
    (call $told
      (call $path_remove_directory_ (local.get $fd) (local.get $path) (local.get $size))
      (i32.const 4) (local.get $fd) (local.get $path) (local.get $size)))

  (func $path_unlink_file (param $fd i32) (param $path i32) (param $size i32) (result i32)
    (call $told
      (call $path_unlink_file_ (local.get $fd) (local.get $path) (local.get $size))
      (i32.const 4) (local.get $fd) (local.get $path) (local.get $size))))
