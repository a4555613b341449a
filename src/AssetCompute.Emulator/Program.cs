namespace AssetCompute.Emulator;

/// <summary>The entry point. Top-level statements would generate a public class without a namespace, visible to every test that references this library.</summary>
internal static class Program
{
    public static Task<int> Main(string[] arguments) => EmulatorProgram.RunAsync(arguments);
}
