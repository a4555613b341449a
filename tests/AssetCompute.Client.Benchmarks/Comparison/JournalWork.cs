namespace AssetCompute.Client.Benchmarks.Comparison;

/// <summary>A long journal, read to its end.</summary>
internal static class JournalWork
{
    public const int Between = 1;

    /// <summary>Every event typed, and every field of it read.</summary>
    public static async Task<Measurement> ReadTypedAsync(string server, int count)
    {
        await using AssetComputeClient client = OurClient.Create(server, "/pages/0");
        return await Measurement.OfAsync(count, Between, () => ReadAsync(client, server, count));
    }

    /// <summary>
    /// The reading that all jobs share. Either each event answers a job that waits, and the work ends with the last job's result; or they all are
    /// other clients' events, and it ends when the one job has its own, the last of the journal.
    /// </summary>
    public static async Task<Measurement> DispatchAsync(string server, int count, bool waiting)
    {
        RenditionJobsSnapshot jobs = Jobs(count, waiting);
        return await Measurement.OfAsync(count, Between, () => ResumeAsync(server, count, jobs));
    }

    /// <summary>
    /// Whether an event costs the same in a long journal as in a short one, in one and the same process. The extra figure is the processor time
    /// for each event of the long one, divided by that of short ones.
    /// </summary>
    public static async Task<Measurement> GrowAsync(string server, int count)
    {
        const int shortCount = 10_000;
        const int rounds = 10;
        await using AssetComputeClient client = OurClient.Create(server, "/pages/0");
        await ReadAsync(client, server, 60 * shortCount);
        // The long one first: what .NET still compiles is to its disadvantage, not to its credit.
        Measurement many = await Measurement.OfOneAsync(count, () => ReadAsync(client, server, count));
        Measurement few = await Measurement.OfOneAsync(shortCount * rounds, async () =>
        {
            for (int round = 0; round < rounds; round++)
            {
                await ReadAsync(client, server, shortCount);
            }
        });
        return many with { Extra = many.CpuMicroseconds / few.CpuMicroseconds };
    }

    private static RenditionJobsSnapshot Jobs(int count, bool waiting)
    {
        int last = (count - 1) / JournalPages.RenditionsPerRequest;
        int first = waiting ? 0 : last;
        return new RenditionJobsSnapshot
        {
            Jobs = [.. Enumerable.Range(first, last + 1 - first).Select(static number =>
                new OpenRenditionJob(SampleRequest.Create(number, JournalPages.RequestId(number)), JournalPosition.Oldest))],
        };
    }

    private static async Task ResumeAsync(string server, int count, RenditionJobsSnapshot jobs)
    {
        await using AssetComputeClient client = OurClient.Create(server, $"/pages/{count}");
        int events = 0;
        await foreach (RenditionJobResult result in client.Jobs.ResumeAsync(jobs))
        {
            events += result.Renditions.Count;
        }

        if (events != jobs.Jobs.Count * JournalPages.RenditionsPerRequest)
        {
            throw new InvalidOperationException($"{events} events found their jobs.");
        }
    }

    private static async Task ReadAsync(AssetComputeClient client, string server, int count)
    {
        JournalReadOptions options = new() { Journal = new Uri($"{server}/pages/{count}/journal"), StopWhenCaughtUp = true };
        int events = 0;
        long seen = 0;
        await foreach (JournalEntry entry in client.Journal.ReadAsync(JournalPosition.Oldest, options))
        {
            events++;
            seen += EventFields.Touch(entry);
        }

        if (events != count || seen == 0)
        {
            throw new InvalidOperationException($"{events} events of {count} were read.");
        }
    }
}
