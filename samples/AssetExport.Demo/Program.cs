using AssetExport.Demo;

return await DemoCommandLine.RunAsync(args);
