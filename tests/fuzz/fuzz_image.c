/* Any bytes as a picture: its metadata are read within them, in time. */
#include "check/image.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct image_facts facts;
    image_read(&facts, (struct str){(const char *)data, size});
    return 0;
}
