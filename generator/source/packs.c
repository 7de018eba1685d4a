#include "source/packs.h"

#include "base/digest.h"
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

enum { INDEX_MAX = 1 << 30 };

static int check_index(const char *path, struct fault *fault)
{
    struct buf bytes = BUF_EMPTY;
    unsigned char digest[DIGEST_SHA1_SIZE];
    int rc = file_read(&bytes, AT_FDCWD, path, INDEX_MAX, fault);
    size_t end = bytes.n < DIGEST_SHA1_SIZE ? 0 : bytes.n - DIGEST_SHA1_SIZE;
    struct str body = str_slice(buf_str(&bytes), 0, end);
    if (rc == 0) {
        rc = digest_sha1_of(digest, &body, 1, fault);
    }
    if (rc == 0 && (end == 0 || memcmp(digest, bytes.p + end, DIGEST_SHA1_SIZE) != 0)) {
        rc = fault_set(fault, "git pack index %s is damaged", path);
    }
    buf_free(&bytes);
    return rc;
}

static int check_all(DIR *folder, struct str path, struct fault *fault)
{
    int rc = 0;
    while (rc == 0) {
        errno = 0;
        struct dirent *entry = readdir(folder);
        if (entry == NULL) {
            return errno == 0 ? 0 : fault_errno(fault, "cannot read the folder %s", path.p);
        }
        if (str_ends(str_of(entry->d_name), STR(".idx"))) {
            struct buf file = BUF_EMPTY;
            buf_printf(&file, "%s/%s", path.p, entry->d_name);
            rc = check_index(file.p, fault);
            buf_free(&file);
        }
    }
    return rc;
}

int packs_check(struct source *source, struct fault *fault)
{
    struct buf path = BUF_EMPTY;
    buf_printf(&path, "%s/objects/pack", git_repository_commondir(source->repository));
    DIR *folder = opendir(path.p);
    int rc = 0;
    if (folder != NULL) {
        rc = check_all(folder, buf_str(&path), fault);
        closedir(folder);
    } else if (errno != ENOENT) {
        rc = fault_errno(fault, "cannot open the folder %s", path.p);
    }
    buf_free(&path);
    return rc;
}
