/*
 * image: where a picture was taken, and whose camera it was: what its metadata give away. For
 * check/ alone.
 *
 * Reads every Exif block (CIPA DC-008, IFDs of TIFF 6.0) wherever one stands, so that previews, a
 * second picture behind the first and pictures under another name are seen as well; the names of
 * the same facts in XMP, the datasets of IPTC (IIM), and the text of PNG. Any bytes are fine; no
 * more is read than there is, and of each value only the beginning.
 */
#ifndef CHECK_IMAGE_H
#define CHECK_IMAGE_H

#include "base/str.h"

struct image_facts {
    bool has_position; /* GPS */
    bool has_owner;    /* the camera's owner, or who took it */
    bool has_serial;   /* of the camera or its lens */
    bool has_unread;   /* metadata that are packed, so that nobody here can look into them */
};

void image_read(struct image_facts *out, struct str bytes);

/* Was a picture in this document, or this video, taken somewhere that it tells? */
bool image_is_placed(struct str bytes);

#endif
