/*
 * context: what the words around a number say that it is. For personal.c alone.
 */
#ifndef CHECK_CONTEXT_H
#define CHECK_CONTEXT_H

#include "check/personal.h"

struct context {
    bool is_raised;    /* "身份证号:", a column "手机", tel: */
    bool is_phone;     /* raised by a word for telephones */
    bool is_lowered;   /* "统一社会信用代码:", a column "地块代码" */
    bool is_vague;     /* "编号:": what many things are called */
    bool is_inherited; /* by a label before an earlier number of a list */
    bool is_counted; /* parted by cells of a table, each below a heading that counts or measures */
    bool is_amount;  /* ¥ before, 元 behind */
    bool is_decimal; /* places before or behind a decimal point */
    bool is_in_word; /* letters touch it: part of a code */
    bool is_in_hash; /* of a long word of letters and digits */
    bool is_in_url;
};

/* What was found out about the table that the text before is in; zeroed at the beginning. */
struct context_table {
    size_t line, header; /* the last row asked about, and where its table begins */
    bool is_known;
};

void context_read(struct context *out, struct context_table *table, struct str bytes, size_t start,
                  size_t end, enum personal_form form);

#endif
