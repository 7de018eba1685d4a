/*
 * create: a new repository. For commands/: `gongkai init`.
 *
 *     create_repository(&is_new, "site", false, &fault);
 *     ... write its files ...
 *     create_commit("site", "message", &fault);
 */
#ifndef SOURCE_CREATE_H
#define SOURCE_CREATE_H

#include "base/fault.h"

#include <stdbool.h>

/* Makes a repository with the branch main at `path`, unless there is one already. */
int create_repository(bool *is_new, const char *path, bool is_bare, struct fault *fault);

/* Sets a key of the repository's own configuration, unless it has it. */
int create_config(const char *path, const char *key, const char *value, struct fault *fault);

/* Its first commit, of all files in the folder, by the user that git knows, else by nobody. */
int create_commit(const char *path, const char *message, struct fault *fault);

#endif
