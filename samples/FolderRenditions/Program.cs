using FolderRenditions;

return await FolderCommand.RunAsync(args);
