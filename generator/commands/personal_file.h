/*
 * personal_file: personal data in one file, whether or not a record leads to it. For commands/
 * only.
 *
 *     struct personal_file file = {.site = &site, .bytes = BUF_EMPTY};
 *     ... read its bytes into file.bytes ...
 *     personal_file_find(&file, path, &diag, fault);
 *     personal_file_free(&file);
 */
#ifndef COMMANDS_PERSONAL_FILE_H
#define COMMANDS_PERSONAL_FILE_H

#include "commands/site.h"

struct personal_file {
    struct site *site;
    struct arena arena; /* what is found lives in the diag alone */
    struct buf bytes;
};

/*
 * What is found in the bytes, as the check of the record that the file is or belongs to would tell
 * it, into an empty diag. -1 where that record cannot be read.
 */
int personal_file_find(struct personal_file *file, struct str path, struct diag *out,
                       struct fault *fault);

void personal_file_free(struct personal_file *file);

/* Is it a fault that stays in the history although a later commit mends it? */
bool personal_is_code(enum diag_code code);

/* Is any of them such a fault; is one of them of that file? */
bool personal_has_error(const struct diag *diag);
bool personal_is_told(const struct diag *diag, struct str path);

#endif
