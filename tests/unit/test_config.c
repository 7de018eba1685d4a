/* The configuration: its defaults, its values under English and Chinese keys, its look-ups. */
#include "record_site.h"

static void test_defaults(void **state)
{
    (void)state;
    struct site site;
    site_open(&site);
    const struct config *config = &site.free_config;
    assert_false(config->is_given);
    assert_true(str_equal(config->url, STR("http://localhost/")));
    assert_true(str_equal(config->base, STR("/")));
    assert_true(str_equal(config->language, STR("zh-CN")));
    assert_int_equal(config->utc_offset, 28800);
    assert_null(config_org(config, STR("yunxi")));
    assert_null(config_item(config, STR("x")));
    assert_null(config_org_of_path(config, STR("a/b.md")));
    site_close(&site);
}

static void test_values(void **state)
{
    (void)state;
    struct site site;
    site_open(&site);
    const struct config *config = &site.config;
    assert_true(str_equal(config->url, STR("https://gongkai.yunxi.example/site/")));
    assert_true(str_equal(config->base, STR("/site/")));
    assert_true(str_equal(config->host, STR("云溪县民政局")));
    assert_true(str_equal(config->icp, STR("x")));
    assert_true(str_equal(config->phone, STR("0999-5550001")));
    assert_int_equal(config->org_count, 4);
    const struct config_org *org = config_org(config, STR("柳湾村"));
    assert_non_null(org);
    assert_ptr_equal(org, config_org(config, STR("liuwan")));
    assert_true(str_equal(org->type, STR("village")));
    assert_true(str_equal(org->parent, STR("liuwan-town")));
    assert_true(str_equal(org->lineage, STR("/yunxi/liuwan-town/liuwan/")));
    assert_int_equal(org->depth, 2);
    assert_true(str_equal(org->folder, STR("柳湾镇/柳湾村")));
    const struct config_item *item = config_item(config, STR("财务收支"));
    assert_non_null(item);
    assert_int_equal(item->due, 15);
    assert_int_equal(item->issuer_count, 2);
    assert_true(str_equal(item->issuers[1], STR("committee")));
    assert_int_equal(config->synonym_count, 1);
    assert_true(config_is_ignored(config, STR("模板/财务/a.md")));
    assert_true(config_is_ignored(config, STR("内部/草稿/a.csv")));
    assert_false(config_is_ignored(config, STR("内部/草稿")));
    assert_false(config_is_ignored(config, STR("内部/草稿二/a.md")));
    assert_false(config_is_ignored(config, STR("柳湾村/模板/a.md")));
    site_close(&site);
}

/* With the index and, as in a configuration filled by hand, without it. */
static void test_folders(void **state)
{
    static const struct row {
        const char *path, *want;
    } rows[] = {{"a.md", "yunxi"},
                {"别处/a.md", "yunxi"},
                {"柳湾镇/a.md", "liuwan-town"},
                {"柳湾镇2/a.md", "yunxi"},
                {"柳湾镇/柳湾村/财务/a.md", "liuwan"},
                {"柳湾镇/柳湾村.md", "liuwan-town"}};
    (void)state;
    struct site site;
    site_open(&site);
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            const struct config_org *org = config_org_of_path(&site.config, str_of(rows[i].path));
            assert_non_null(org);
            assert_true(str_equal(org->key, str_of(rows[i].want)));
        }
        assert_non_null(config_item(&site.config, STR("finance-monthly")));
        assert_non_null(config_org(&site.config, STR("second")));
        site.config.index = NULL;
    }
    site_close(&site);
}

static void test_zones(void **state)
{
    static const struct row {
        const char *text;
        int want;
    } rows[] = {{"Asia/Shanghai", 28800},
                {"UTC", 0},
                {"+08:00", 28800},
                {"-03:30", -12600},
                {"\"+05:45\"", 20700}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena arena = {0};
        struct diag diag = {0};
        struct config config;
        struct str bytes = arena_printf(
            &arena, "title: a\nurl: http://a.example:8080/b/\ntime_zone: %s\n", rows[i].text);
        assert_true(config_parse(&config, &arena, STR("gongkai.yml"), bytes, &diag));
        assert_int_equal(config.utc_offset, rows[i].want);
        assert_true(str_equal(config.base, STR("/b/")));
        diag_free(&diag);
        arena_free(&arena);
    }
}

/* The title keeps its default where the text is broken; nothing is used by halves. */
static void test_broken(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct diag diag = {0};
    struct config config;
    assert_false(config_parse(&config, &arena, STR("gongkai.yml"), STR("title: [a\n"), &diag));
    assert_true(config.is_given && config.title.n == 0);
    assert_null(config_org(&config, STR("a")));
    assert_int_equal(diag.error_count, 1);
    diag_free(&diag);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults), cmocka_unit_test(test_values),
        cmocka_unit_test(test_folders),  cmocka_unit_test(test_zones),
        cmocka_unit_test(test_broken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
