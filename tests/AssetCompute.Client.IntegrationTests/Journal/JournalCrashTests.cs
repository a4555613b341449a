using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using AssetCompute.Client.Workers;
using AssetCompute.Emulator;

namespace AssetCompute.Client.IntegrationTests.Journal;

/// <summary>Tests for a process that handles a journal and is killed repeatedly.</summary>
public sealed class JournalCrashTests(ITestOutputHelper output) : IDisposable
{
    // Set JOURNAL_KILLS=30 for a long run.
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("JOURNAL_KILLS") ?? "6", CultureInfo.InvariantCulture);
    private static readonly int Events = 1_300 * Kills;
    private const int CommitCount = 50;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("journal-crash-");

    [Fact]
    public async Task Process_KilledAtRandomMoments_HandlesEveryEventAndRepeatsAtMostOneCommit()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        output.WriteLine($"Seed {seed}");
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(options => options.CallCapacity = 100);
        await account.Client.RegisterAsync(TestContext.Current.CancellationToken);
        for (int i = 0; i < Events; i++)
        {
            account.Emulator.Publish(new JsonObject { ["type"] = "test", ["index"] = i });
        }

        int kills = 0;
        for (; kills < Kills; kills++)
        {
            int before = Handled().Count;
            if (before >= Events)
            {
                break;
            }

            using Process worker = Start(account);
            int target = Math.Min(Events, before + random.Next(1, 600));
            await WaitUntilAsync(() => Handled().Count >= target, worker);
            worker.Kill(entireProcessTree: true);
            await worker.WaitForExitAsync(TestContext.Current.CancellationToken);

            using FileJournalCheckpointStore store = new(_folder.FullName);
            await store.LoadAsync("crash", TestContext.Current.CancellationToken);
        }

        using (Process last = Start(account))
        {
            await WaitUntilAsync(() => Handled().Distinct().Count() >= Events, last);
            last.Kill(entireProcessTree: true);
            await last.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        List<string> handled = Handled();
        int repeated = handled.Count - handled.Distinct().Count();
        output.WriteLine($"{kills} kills, {repeated} of {Events} events handled twice");
        Assert.Equal(Kills, kills);
        Assert.Equal(Events, handled.Distinct().Count());
        Assert.InRange(repeated, 0, (kills + 1) * CommitCount);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string LogPath => Path.Combine(_folder.FullName, "handled.log");

    private Process Start(EmulatedAccount account) => Process.Start(new ProcessStartInfo("dotnet")
    {
        ArgumentList =
        {
            typeof(LineLog).Assembly.Location,
            account.Emulator.Endpoint.AbsoluteUri,
            _folder.FullName,
            LogPath,
            CommitCount.ToString(CultureInfo.InvariantCulture),
        },
    })!;

    /// <summary>Returns the complete lines. A kill can leave a partial line.</summary>
    private List<string> Handled()
    {
        if (!File.Exists(LogPath))
        {
            return [];
        }

        using FileStream file = new(LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using StreamReader reader = new(file);
        string text = reader.ReadToEnd();
        return [.. text.Split('\n')[..^1]];
    }

    private static async Task WaitUntilAsync(Func<bool> condition, Process worker)
    {
        while (!condition())
        {
            Assert.False(worker.HasExited, "The worker ended by itself.");
            // Each check reads the whole file.
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
