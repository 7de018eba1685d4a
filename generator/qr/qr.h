/*
 * qr: a text as a QR code. For commands/. libqrencode is included here and nowhere else.
 */
#ifndef QR_QR_H
#define QR_QR_H

#include "base/buf.h"
#include "base/fault.h"

/*
 * Appends the path of an SVG drawing, one unit a module, with the four blank modules around it that
 * readers need; `size` is the drawing's width and height. A text that no code can hold (2,331 bytes
 * at the level that we use, M) is a fault.
 */
int qr_append_path(struct buf *out, int *size, struct str text, struct fault *fault);

#endif
