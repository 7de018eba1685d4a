/*
 * offline: what the libraries that are linked in (Makefile, LINKED_IN) would ask of others for what
 * this program never does: connect by Kerberos, trust an authority of the world's, read encodings
 * that the C library does not know. Those others are not linked in, being found here.
 */
#include <stdlib.h>

/* libgit2 negotiates with a server by these. */
#define NEVER_CALLED(name)                                                                         \
    void name(void);                                                                               \
    void name(void)                                                                                \
    {                                                                                              \
        abort();                                                                                   \
    }

NEVER_CALLED(gss_delete_sec_context)
NEVER_CALLED(gss_display_status)
NEVER_CALLED(gss_import_name)
NEVER_CALLED(gss_indicate_mechs)
NEVER_CALLED(gss_init_sec_context)
NEVER_CALLED(gss_release_buffer)
NEVER_CALLED(gss_release_name)
NEVER_CALLED(gss_release_oid_set)

extern const void *const GSS_C_NT_HOSTBASED_SERVICE;
const void *const GSS_C_NT_HOSTBASED_SERVICE = NULL;

/* In place of mbedtls_x509_crt_parse_file: source/source.c tells why. */
int __wrap_mbedtls_x509_crt_parse_file(void *chain, const char *path);

int __wrap_mbedtls_x509_crt_parse_file(void *chain, const char *path)
{
    (void)chain;
    (void)path;
    return 0;
}

/* libxml2 asks ICU for an encoding that iconv does not know, and has no converter then. */
#if __has_include(<unicode/utypes.h>)
#include <unicode/utypes.h>

void *ucnv_open(const char *name, UErrorCode *status);

void *ucnv_open(const char *name, UErrorCode *status)
{
    (void)name;
    *status = U_UNSUPPORTED_ERROR;
    return NULL;
}

NEVER_CALLED(ucnv_close)
NEVER_CALLED(ucnv_convertEx)
NEVER_CALLED(ucnv_setFromUCallBack)
NEVER_CALLED(ucnv_setToUCallBack)
NEVER_CALLED(UCNV_FROM_U_CALLBACK_STOP)
NEVER_CALLED(UCNV_TO_U_CALLBACK_STOP)
#endif
