using AssetCompute.Emulator;

return await EmulatorProgram.Main(args).ConfigureAwait(false);
