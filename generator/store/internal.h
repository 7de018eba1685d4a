/* internal: what the files of store/ share, and nobody else sees. */
#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include "store/store.h"

struct store {
    struct database *db;
};

#endif
