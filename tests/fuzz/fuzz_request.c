/*
 * Any byte string as query string: decoded to clean UTF-8 or refused with a documented status, and
 * an address written from it is read back to the same values.
 */
#include "base/utf8.h"
#include "cgi/request.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

static void check_values(const struct request *request)
{
    for (int i = 0; i < REQUEST_PARAMETER_COUNT; i++) {
        struct str rest = request->values[i];
        uint32_t c;
        while (rest.n > 0) {
            check(utf8_next(&c, &rest) && c >= 0x20 && !utf8_is_control(c));
        }
    }
}

static void check_round_trip(struct arena *arena, const struct request *request)
{
    struct buf url = BUF_EMPTY;
    struct request again;
    request_write_url(&url, request, (struct str){"", 0}, REQUEST_PAGE,
                      request->values[REQUEST_PAGE]);
    request_read(&again, arena, STR("GET"), str_from(buf_str(&url), url.n > 0 ? 1 : 0));
    for (int i = 0; again.status == REQUEST_STATUS_OK && i < REQUEST_PARAMETER_COUNT; i++) {
        check(str_equal(again.values[i], request->values[i]));
    }
    check(again.status == REQUEST_STATUS_OK || again.status == REQUEST_STATUS_TOO_LONG);
    buf_free(&url);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct request request;
    request_read(&request, &arena, STR("GET"), (struct str){(const char *)data, size});
    int http = request_status_http(request.status);
    check(http == 200 || http == 400 || http == 414);
    check_values(&request);
    if (request.status == REQUEST_STATUS_OK) {
        check_round_trip(&arena, &request);
    }
    arena_free(&arena);
    return 0;
}
