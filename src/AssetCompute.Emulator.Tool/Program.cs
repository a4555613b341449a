using AssetCompute.Emulator;

return await EmulatorProgram.RunAsync(args).ConfigureAwait(false);
