/* The sample site that the tests of record/ share: its schema, configuration and resolver. */
#ifndef TESTS_RECORD_SITE_H
#define TESTS_RECORD_SITE_H

#include "base/file.h"
#include "record/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct site {
    struct arena arena;
    struct schema schema;
    struct config config, free_config;
};

/* Every file is there whose path does not hold "没有". */
static struct str site_address(void *context, struct arena *arena, struct str path)
{
    (void)context;
    return str_find(path, STR("没有")) >= 0 ? STR("") : arena_printf(arena, "/%.*s", STR_ARG(path));
}

/* Of those that are not, some are only not published. */
static bool site_is_withheld(void *context, struct str path)
{
    (void)context;
    return str_find(path, STR("不公布")) >= 0;
}

static void site_open(struct site *site)
{
    struct fault fault = {.text = ""};
    struct diag diag = {0};
    struct buf bytes = BUF_EMPTY;
    memset(site, 0, sizeof *site);
    assert_int_equal(schema_load(&site->schema, &site->arena, &fault), 0);
    assert_int_equal(file_read(&bytes, AT_FDCWD, "tests/golden/record/site.yml", 1 << 20, &fault),
                     0);
    struct str copy = arena_copy(&site->arena, buf_str(&bytes));
    assert_true(config_parse(&site->config, &site->arena, STR("gongkai.yml"), copy, &diag));
    assert_true(config_parse(&site->free_config, &site->arena, STR("gongkai.yml"),
                             (struct str){NULL, 0}, &diag));
    assert_int_equal(diag.count, 0);
    buf_free(&bytes);
    diag_free(&diag);
}

static void site_close(struct site *site)
{
    arena_free(&site->arena);
}

__attribute__((unused)) static void site_parse(struct site *site, struct record *out,
                                               struct diag *diag, const char *path,
                                               struct str bytes, bool is_free)
{
    struct record_input input = {.path = str_of(path),
                                 .bytes = bytes,
                                 .schema = &site->schema,
                                 .config = is_free ? &site->free_config : &site->config,
                                 .resolver = {NULL, site_address, site_is_withheld}};
    diag->is_lenient = is_free;
    record_parse(out, &site->arena, &input, diag);
}

#endif
