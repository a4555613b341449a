namespace AssetCompute.Emulator.Tests;

/// <summary>A console program that contains the emulator.</summary>
public sealed class ContainingProgramTests
{
    [Fact]
    public async Task Signals_are_left_to_the_program()
    {
        // Whatever the order of the handlers, one of these two runs after a handler of the emulator. If any handler cancels a signal, the process does not end.
        var lines = await CopiedProgram.RunAsync("""
            using System.Runtime.InteropServices;
            using AssetCompute.Emulator;

            int calls = 0;
            bool isCancelled = false;
            TaskCompletionSource handled = new();
            void Handle(PosixSignalContext signal)
            {
                isCancelled |= signal.Cancel;
                if (Interlocked.Increment(ref calls) == 2)
                {
                    signal.Cancel = true;
                    handled.SetResult();
                }
            }

            using PosixSignalRegistration before = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
            await using AssetComputeEmulator emulator = await AssetComputeEmulator.StartAsync();
            using PosixSignalRegistration after = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
            using System.Diagnostics.Process kill = System.Diagnostics.Process.Start("kill", $"-INT {Environment.ProcessId}");
            await handled.Task;
            Console.WriteLine($"Cancelled: {isCancelled}");
            """);

        Assert.Equal(["Cancelled: False"], lines);
    }
}
