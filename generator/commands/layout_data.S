/* What `gongkai init` lays out, as bytes of the program. */
    .section .rodata
    .macro file name, path
    .global layout_\name
    .global layout_\name\()_end
layout_\name:
    .incbin "\path"
layout_\name\()_end:
    .byte 0
    .endm

    file config, generator/commands/layout/gongkai.yml
    file readme, generator/commands/layout/README.md
    file folder, generator/commands/layout/folder.md
    file guide, generator/commands/layout/guide.md
    file fields, content/字段一览.md
    file gitattributes, generator/commands/layout/gitattributes
    file gitignore, generator/commands/layout/gitignore
    file pre_commit, generator/commands/layout/pre-commit
    file pre_receive, generator/commands/layout/pre-receive
    file post_receive, generator/commands/layout/post-receive
    file publish, generator/commands/layout/publish
    file service, generator/commands/layout/gongkai.service
    file timer, generator/commands/layout/gongkai.timer
    file nginx, site/server/nginx.conf
    file search_service, site/server/gongkai-search.service
    .section .note.GNU-stack, "", %progbits
