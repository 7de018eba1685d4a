/* program: where this program stands, and its brothers with it. For commands/ only. */
#ifndef COMMANDS_PROGRAM_H
#define COMMANDS_PROGRAM_H

#include "base/arena.h"
#include "base/fault.h"

/* The path of the running program. */
int program_path(struct str *out, struct arena *arena, struct fault *fault);

/* The folder of the search programs: as `make install` places them, else beside this one. */
struct str program_cgi_folder(struct arena *arena, struct str program);

#endif
