using AssetExport;

return await ExportCommandLine.RunAsync(args);
