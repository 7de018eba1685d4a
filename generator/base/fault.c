#include "base/fault.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A message may quote a file name, and a file name may hold anything: one line, no controls. */
static void make_one_line(char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < 0x20 || *text == 0x7f) {
            *text = '?';
        }
    }
}

/* A text that was cut may end in the middle of a character, which is dropped. */
static void drop_half_character(char *text)
{
    size_t n = strlen(text), start = n;
    if (n + 1 < FAULT_TEXT_SIZE) {
        return;
    }
    while (start > 0 && ((unsigned char)text[start - 1] & 0xc0) == 0x80) {
        start--;
    }
    if (start > 0 && (unsigned char)text[start - 1] >= 0xc0) {
        text[start - 1] = '\0';
    }
}

static void set(char out[FAULT_TEXT_SIZE], const char *format, va_list args)
{
    vsnprintf(out, FAULT_TEXT_SIZE, format, args);
    drop_half_character(out);
    make_one_line(out);
}

static void add(char out[FAULT_TEXT_SIZE], const char *colon, const char *cause)
{
    size_t n = strlen(out);
    snprintf(out + n, FAULT_TEXT_SIZE - n, "%s%s", colon, cause);
    drop_half_character(out);
}

/* In one language, which is English. */
static void set_english(struct fault *fault, const char *format, va_list args)
{
    set(fault->text, format, args);
    fault->zh[0] = '\0';
    fault->is_damage = false;
}

int fault_set(struct fault *fault, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    set_english(fault, format, args);
    va_end(args);
    return -1;
}

int fault_damage(struct fault *fault, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    set_english(fault, format, args);
    va_end(args);
    fault->is_damage = true;
    return -1;
}

int fault_errno(struct fault *fault, const char *format, ...)
{
    int number = errno;
    va_list args;
    va_start(args, format);
    set_english(fault, format, args);
    va_end(args);
    add(fault->text, ": ", strerror(number));
    errno = number;
    return -1;
}

int fault_tell(struct fault *fault, const char *zh, const char *en, ...)
{
    va_list args;
    va_start(args, en);
    set(fault->zh, zh, args);
    va_end(args);
    va_start(args, en);
    set(fault->text, en, args);
    va_end(args);
    fault->is_damage = false;
    return -1;
}

int fault_wrap(struct fault *fault, const char *where, const struct fault *cause)
{
    const struct fault copy = *cause; /* it may be `fault` itself */
    if (copy.zh[0] == '\0') {
        fault_set(fault, "%s: %s", where, copy.text);
    } else {
        fault_tell(fault, "%s：", "%s: ", where);
        add(fault->zh, "", copy.zh);
        add(fault->text, "", copy.text);
    }
    fault->is_damage = copy.is_damage;
    return -1;
}

static const char *meaning(int number)
{
    static const struct {
        int number;
        const char *zh;
    } rows[] = {
        {ENOENT, "没有这个文件或文件夹"},
        {EACCES, "没有权限"},
        {EPERM, "没有权限"},
        {EROFS, "那里只能读，不能写"},
        {ENOSPC, "磁盘满了"},
        {EDQUOT, "磁盘配额用完了"},
        {EEXIST, "已经有同名的了"},
        {ENOTDIR, "路径里有一段不是文件夹"},
        {EISDIR, "那是文件夹，不是文件"},
        {ENOTEMPTY, "文件夹里还有东西"},
        {EMFILE, "打开的文件太多"},
        {ENFILE, "打开的文件太多"},
        {EIO, "磁盘读写出错"},
        {ENOMEM, "内存不够"},
        {ENAMETOOLONG, "名字或路径太长"},
        {EADDRINUSE, "已经被别的程序占用"},
        {ELOOP, "符号链接绕成了圈"},
        {EBUSY, "正被别的程序使用"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].number == number) {
            return rows[i].zh;
        }
    }
    return strerror(number);
}

int fault_tell_errno(struct fault *fault, const char *zh, const char *en, ...)
{
    int number = errno;
    va_list args;
    va_start(args, en);
    set(fault->zh, zh, args);
    va_end(args);
    va_start(args, en);
    set(fault->text, en, args);
    va_end(args);
    fault->is_damage = false;
    add(fault->zh, "：", meaning(number));
    add(fault->text, ": ", strerror(number));
    errno = number;
    return -1;
}
