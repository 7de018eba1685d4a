/* Reading blobs. libgit2's object database takes its own locks, so any thread may. */
#include "source/repository.h"

int source_read(struct source *source, struct buf *out, const struct source_file *file,
                struct fault *fault)
{
    git_odb_object *object;
    if (repository_read(&object, source, &file->blob, GIT_OBJECT_BLOB, SOURCE_FILE_MAX, file->path,
                        fault) < 0) {
        return -1;
    }
    size_t size = git_odb_object_size(object);
    if (size != file->size) {
        char text[41];
        source_id_format(text, &file->blob);
        git_odb_object_free(object);
        return fault_set(fault, "git object %s of \"%.*s\" has changed its size", text,
                         STR_ARG(file->path));
    }
    buf_add(out, (struct str){git_odb_object_data(object), size});
    git_odb_object_free(object);
    return 0;
}
