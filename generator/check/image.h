/*
 * image: where a picture was taken, and whose camera it was: what its metadata give away. For
 * check/ alone.
 *
 * Reads the Exif block of JPEG, PNG, WebP and TIFF (CIPA DC-008, IFDs of TIFF 6.0), and looks for
 * XMP's names of the same facts. Any bytes are fine; no more entries are read than there are.
 */
#ifndef CHECK_IMAGE_H
#define CHECK_IMAGE_H

#include "base/str.h"

struct image_facts {
    bool has_position; /* GPS */
    bool has_owner;    /* the camera's owner, or who took it */
    bool has_serial;   /* of the camera or its lens */
};

void image_read(struct image_facts *out, struct str bytes);

#endif
