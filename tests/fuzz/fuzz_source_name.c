/* source/name over any bytes: what passes may be joined to a folder without leaving it. */
#include "base/utf8.h"
#include "source/name.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct str name = {(const char *)data, size};
    enum diag_code why = DIAG_CODE_COUNT;
    if (!name_is_fit(&why, name)) {
        if (why > DIAG_NAME_LONG) {
            abort(); /* every refusal has its rule */
        }
        return 0;
    }
    bool is_wrong = size == 0 || size > 255 || utf8_find_invalid(name) >= 0 ||
                    str_find_char(name, '/') >= 0 || str_find_char(name, '\\') >= 0 ||
                    str_find_char(name, '\0') >= 0 || str_equal(name, STR("..")) ||
                    str_equal(name, STR(".")) || str_equal_nocase(name, STR(".git"));
    if (is_wrong) {
        abort();
    }
    return 0;
}
