/*
 * config: gongkai.yml, the site's own description of itself. For every folder that needs a name,
 * an organisation or a figure of the site. Read once per build; read-only afterwards.
 */
#ifndef RECORD_CONFIG_H
#define RECORD_CONFIG_H

#include "base/arena.h"
#include "base/date.h"
#include "base/diag.h"

struct config_org {
    struct str key, name, type, code, folder;
    struct str agency;  /* 9 characters that its index numbers begin with; or empty */
    struct str parent;  /* key, or empty */
    struct str lineage; /* "/yunxi/liuwan-town/liuwan/": keys from the top to this one */
    int depth;          /* 0 at the top */
    int line;           /* of gongkai.yml; 0 where it was filled by hand */
};

struct config_item {
    struct str key, name, category, every, basis, content;
    struct str kind;  /* of its records: key or Chinese name; or empty */
    struct str table; /* the schema's table that it is told in: key or Chinese name; or empty */
    int due;          /* day of the month; 0: not said */
    int notice_days;  /* 0: not said */
    struct str *issuers;
    size_t issuer_count;
    int line;
};

struct config_synonym {
    struct str *words;
    size_t count;
};

/* A figure or a level that the site sets for itself; check/ knows which there are. */
struct config_setting {
    struct str name, text;
    struct date since;  /* of a figure: from which day on; year 0: always */
    struct place place; /* of the value */
};

/* What check/ asks for beside the law of the whole country. */
struct config_rules {
    struct config_setting province; /* empty: none */
    bool has_party_meetings;        /* party meetings count by the custom of the four steps */
    bool is_government;             /* the page tags and footer of government sites are owed */
    struct config_setting *figures, *levels;
    struct config_setting *masks; /* how many places of a number are shown: check/mask.h */
    size_t figure_count, level_count, mask_count;
};

struct config {
    struct str path;  /* of the file itself, for faults found later */
    bool is_given;    /* false: no gongkai.yml, every value is a default */
    bool is_unread;   /* no YAML: every value is a default, and records mean nothing by it */
    struct str title; /* a free site: empty; the caller asks the root's README */
    struct str description;
    struct str url;      /* absolute, ends in "/"; a free site: "http://localhost/" */
    struct str base;     /* the path of url, begins and ends with "/" */
    struct str language; /* "zh-CN" or "en" */
    int utc_offset;      /* seconds; Asia/Shanghai is 28800 */
    struct str licence_name, licence_url;
    struct str phone, address, mail;
    struct str host;       /* 主办单位 */
    struct str icp;        /* ICP备案号 */
    struct str police;     /* 公安备案号 */
    struct str site_code;  /* 网站标识码 */
    struct str mark_url;   /* 党政机关标识 */
    struct str report_url; /* 我为政府网站找错 */
    struct config_rules rules;
    struct config_org *orgs; /* parents before their children */
    size_t org_count;
    struct config_item *items;
    size_t item_count;
    struct str *ignored; /* folders whose files are not published: templates, drafts */
    size_t ignored_count;
    struct config_synonym *synonyms;
    size_t synonym_count;
    const struct config_index *index; /* private: how the functions below find fast */
};

/*
 * Reads the configuration; unknown keys, wrong types and duplicate keys are faults with places.
 * `bytes.p` NULL means that there is none: the defaults. False where it cannot be used at all.
 */
bool config_parse(struct config *out, struct arena *arena, struct str path, struct str bytes,
                  struct diag *diag);

/* The organisation or item of that key or name; NULL where there is none. */
const struct config_org *config_org(const struct config *config, struct str key_or_name);
const struct config_item *config_item(const struct config *config, struct str key_or_name);

/* Is the site in Chinese? */
bool config_is_chinese(const struct config *config);

/* Does the file stand below an ignored folder? */
bool config_is_ignored(const struct config *config, struct str path);

/* The organisation whose folder is the longest that holds `path`; NULL where none does. */
const struct config_org *config_org_of_path(const struct config *config, struct str path);

#endif
