#include "source/create.h"
#include "source/repository.h"

#include <git2.h>
#include <sys/stat.h>

/* The repository at the path itself, not one around it. */
static int open_repository(git_repository **out, const char *path, struct fault *fault)
{
    if (git_libgit2_init() < 0) {
        return fault_set(fault, "libgit2 does not start");
    }
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    if (git_repository_open_ext(out, path, GIT_REPOSITORY_OPEN_NO_SEARCH, NULL) != 0) {
        repository_missing(fault, path);
        git_libgit2_shutdown();
        return -1;
    }
    return 0;
}

static void close_repository(git_repository *repository)
{
    git_repository_free(repository);
    git_libgit2_shutdown();
}

static int make_fault(struct fault *fault, const char *path)
{
    struct stat status;
    if (stat(path, &status) == 0 && !S_ISDIR(status.st_mode)) {
        return fault_tell(fault, "“%s”是文件，不是文件夹；另起一个名字",
                          "\"%s\" is a file, not a folder; choose another name", path);
    }
    const git_error *error = git_error_last();
    return fault_tell(fault, "“%s”建不了仓库（%s）；看看有没有权限，或另选一个地方",
                      "no repository can be made at \"%s\": %s; look at its permissions, or choose "
                      "another place",
                      path, error != NULL ? error->message : "libgit2 failed");
}

int create_repository(bool *is_new, const char *path, bool is_bare, struct fault *fault)
{
    git_repository *repository = NULL;
    struct fault ignored;
    git_repository_init_options options;
    git_repository_init_options_init(&options, GIT_REPOSITORY_INIT_OPTIONS_VERSION);
    options.flags = GIT_REPOSITORY_INIT_MKPATH | (is_bare ? GIT_REPOSITORY_INIT_BARE : 0U);
    options.initial_head = "main";
    *is_new = open_repository(&repository, path, &ignored) != 0;
    if (!*is_new) {
        bool is_other = (git_repository_is_bare(repository) != 0) != is_bare;
        close_repository(repository);
        return !is_other ? 0
               : is_bare
                   ? fault_tell(fault,
                                "“%s”已经是填报用的仓库，不能再作服务器的；给服务器的另起一个名字，"
                                "如 %s.git",
                                "\"%s\" is a clerk's repository already; name another for the "
                                "server, as %s.git",
                                path, path)
                   : fault_tell(
                         fault,
                         "“%s”已经是服务器的仓库；填报用的另起一个名字，或输入 git clone '%s'",
                         "\"%s\" is a server's repository already, bare; name another, or git "
                         "clone '%s'",
                         path, path);
    }
    if (git_libgit2_init() < 0) {
        return fault_set(fault, "libgit2 does not start");
    }
    int result =
        git_repository_init_ext(&repository, path, &options) == 0 ? 0 : make_fault(fault, path);
    close_repository(repository);
    return result;
}

int create_config(const char *path, const char *key, const char *value, struct fault *fault)
{
    git_repository *repository = NULL;
    git_config *config = NULL, *own = NULL;
    git_config_entry *entry = NULL;
    if (open_repository(&repository, path, fault) != 0) {
        return -1;
    }
    int status = git_repository_config(&config, repository);
    if (status == 0) {
        status = git_config_open_level(&own, config, GIT_CONFIG_LEVEL_LOCAL);
    }
    if (status == 0 && git_config_get_entry(&entry, own, key) != 0) {
        status = git_config_set_string(own, key, value);
    }
    int result = status == 0 ? 0 : repository_library_fault(fault, "cannot configure", key);
    git_config_entry_free(entry);
    git_config_free(own);
    git_config_free(config);
    close_repository(repository);
    return result;
}

static int sign(git_signature **out, git_repository *repository)
{
    return git_signature_default(out, repository) == 0
               ? 0
               : git_signature_now(out, "gongkai", "gongkai@localhost");
}

static int commit_all(git_repository *repository, const char *message)
{
    git_index *index = NULL;
    git_tree *tree = NULL;
    git_signature *signature = NULL;
    git_oid id;
    int status = git_repository_index(&index, repository);
    if (status == 0) {
        status = git_index_add_all(index, NULL, GIT_INDEX_ADD_DEFAULT, NULL, NULL);
    }
    if (status == 0) {
        status = git_index_write(index);
    }
    if (status == 0) {
        status = git_index_write_tree(&id, index);
    }
    if (status == 0) {
        status = git_tree_lookup(&tree, repository, &id);
    }
    if (status == 0) {
        status = sign(&signature, repository);
    }
    if (status == 0) {
        status = git_commit_create(&id, repository, "HEAD", signature, signature, "UTF-8", message,
                                   tree, 0, NULL);
    }
    git_signature_free(signature);
    git_tree_free(tree);
    git_index_free(index);
    return status;
}

int create_commit(const char *path, const char *message, struct fault *fault)
{
    git_repository *repository = NULL;
    if (open_repository(&repository, path, fault) != 0) {
        return -1;
    }
    int result = commit_all(repository, message) == 0
                     ? 0
                     : repository_library_fault(fault, "cannot commit in", path);
    close_repository(repository);
    return result;
}
