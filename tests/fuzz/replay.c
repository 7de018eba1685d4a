/*
 * replay: a fuzz target without a fuzzer. Runs it over the files of its corpus, as TAP; what it
 * finds wrong it shows by aborting.
 *
 *     fuzz_NAME FILE...
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The bytes in a block of exactly their size, so that a read past their end is seen. NULL: no file.
 */
static uint8_t *read_all(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = NULL;
    long n = -1;
    if (file != NULL && fseek(file, 0, SEEK_END) == 0 && (n = ftell(file)) >= 0) {
        rewind(file);
        *size = (size_t)n;
        bytes = malloc(*size + (*size == 0));
        if (bytes != NULL && fread(bytes, 1, *size, file) != *size) {
            free(bytes);
            bytes = NULL;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return bytes;
}

int main(int argc, char **argv)
{
    int failed = 0;
    printf("1..%d\n", argc - 1);
    for (int i = 1; i < argc; i++) {
        size_t size = 0;
        uint8_t *bytes = read_all(argv[i], &size);
        const char *slash = strrchr(argv[i], '/');
        printf("# %s\n", argv[i]);
        fflush(stdout);
        if (bytes != NULL) {
            LLVMFuzzerTestOneInput(bytes, size);
        }
        failed += bytes == NULL;
        printf("%s %d - %s\n", bytes == NULL ? "not ok" : "ok", i,
               slash == NULL ? argv[i] : slash + 1);
        free(bytes);
    }
    return failed > 0;
}
