namespace AssetCompute.Emulator;

/// <summary>Where the program begins. Not by top-level statements: their class would be public, without a namespace, in the face of every test that references this library.</summary>
internal static class Program
{
    public static Task<int> Main(string[] arguments) => EmulatorProgram.RunAsync(arguments);
}
