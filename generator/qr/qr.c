#include "qr/qr.h"

#include <errno.h>
#include <qrencode.h>

enum { QUIET = 4 };

/* Runs of dark modules of one line are one rectangle. */
static void append_line(struct buf *out, const QRcode *code, int y)
{
    const unsigned char *line = code->data + (ptrdiff_t)y * code->width;
    for (int x = 0; x < code->width; x++) {
        int begin = x;
        while (x < code->width && (line[x] & 1) != 0) {
            x++;
        }
        if (x > begin) {
            buf_printf(out, "M%d %dh%dv1h-%dz", begin + QUIET, y + QUIET, x - begin, x - begin);
        }
    }
}

int qr_append_path(struct buf *out, int *size, struct str text, struct fault *fault)
{
    QRcode *code = QRcode_encodeData((int)text.n, (const unsigned char *)text.p, 0, QR_ECLEVEL_M);
    if (code == NULL) {
        return errno == ENOMEM ? fault_errno(fault, "cannot make a QR code")
                               : fault_set(fault, "the address is too long for a QR code");
    }
    *size = code->width + 2 * QUIET;
    for (int y = 0; y < code->width; y++) {
        append_line(out, code, y);
    }
    QRcode_free(code);
    return 0;
}
