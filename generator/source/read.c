/* Reading blobs. Packs and libgit2's object database take their own locks, so any thread may. */
#include "source/repository.h"

int source_read(struct source *source, struct buf *out, const struct source_file *file,
                struct fault *fault)
{
    struct object *object;
    if (file->unpacked > 0 && source->unpacked.fd >= 0) {
        return scratch_read(&source->unpacked, out, (size_t)file->size, file->unpacked - 1, fault);
    }
    if (repository_read(&object, source, &file->blob, GIT_OBJECT_BLOB, SOURCE_FILE_MAX, file->path,
                        fault) < 0) {
        return -1;
    }
    if (file->size != SOURCE_SIZE_UNREAD && object->size != file->size) {
        char text[41];
        source_id_format(text, &file->blob);
        object_release(object);
        return fault_set(fault, "git object %s of \"%.*s\" has changed its size", text,
                         STR_ARG(file->path));
    }
    buf_add(out, object_str(object));
    object_release(object);
    return 0;
}
