/* Does what its arguments say and prints what came of it: "ok ..." or "refused: reason". */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

__attribute__((import_module("runner"), import_name("call"))) int32_t
runner_call(const char *, int32_t, const char *, int32_t);
__attribute__((import_module("runner"), import_name("reply"))) int32_t
runner_reply(char *, int32_t);
__attribute__((import_module("wasi"), import_name("thread-spawn"))) int32_t
thread_spawn(int32_t);

static int told(int failed) {
  if (failed) printf("refused: %s\n", strerror(errno));
  return failed;
}

static int put(const char *path, size_t size) {
  static char block[1024];
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (fd < 0) return -1;
  while (size > 0) {
    ssize_t written = write(fd, block, size < sizeof block ? size : sizeof block);
    if (written <= 0) return -1;
    size -= (size_t)written;
  }
  return close(fd);
}

static int show(const char *path) {
  char block[256];
  FILE *file = fopen(path, "r");
  if (!file) return -1;
  size_t size = fread(block, 1, sizeof block, file);
  printf("ok %.*s\n", (int)size, block);
  return fclose(file);
}

int main(int count, char **words) {
  const char *act = words[1], *one = count > 2 ? words[2] : "", *two = count > 3 ? words[3] : "";
  if (!strcmp(act, "read")) return told(show(one));
  if (!strcmp(act, "write")) {
    if (told(put(one, (size_t)atol(two)))) return 1;
  } else if (!strcmp(act, "mkdir")) {
    if (told(mkdir(one, 0700))) return 1;
  } else if (!strcmp(act, "remove")) {
    if (told(remove(one))) return 1;
  } else if (!strcmp(act, "env")) {
    if (!getenv(one)) return puts("refused: not set"), 1;
    return printf("ok %s\n", getenv(one)), 0;
  } else if (!strcmp(act, "time")) {
    struct timespec now, pause = {7, 5};
    clock_gettime(CLOCK_REALTIME, &now);
    printf("ok %lld", (long long)now.tv_sec);
    if (*one) nanosleep(&pause, 0);
    clock_gettime(CLOCK_REALTIME, &now);
    return printf(" %lld\n", (long long)now.tv_sec), 0;
  } else if (!strcmp(act, "random")) {
    unsigned char bytes[8];
    getentropy(bytes, sizeof bytes);
    printf("ok ");
    for (size_t i = 0; i < sizeof bytes; i++) printf("%02x", bytes[i]);
    return puts(""), 0;
  } else if (!strcmp(act, "thread")) {
    if (thread_spawn(0) < 0) return puts("refused: no thread"), 1;
  } else if (!strcmp(act, "call")) {
    int32_t size = runner_call(one, (int32_t)strlen(one), two, (int32_t)strlen(two));
    if (size < 0) return printf("refused: %d\n", size), 1;
    char *reply = malloc((size_t)size + 1);
    return printf("ok %.*s\n", runner_reply(reply, size), reply), 0;
  }
  return puts("ok"), 0;
}
