namespace AssetCompute.Client.Benchmarks.Comparison;

/// <summary>Reads a long journal to its end.</summary>
internal static class JournalWork
{
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(50);

    /// <summary>Reads every field of every event, with typed events.</summary>
    public static async Task<Measurement> ReadTypedAsync(string server, int count)
    {
        await using AssetComputeClient client = OurClient.Create(server, "/pages/0");
        return await Measurement.OfAsync(count, () => ReadAsync(client, server, count));
    }

    /// <summary>
    /// The shared reading of all jobs. Each event belongs to a waiting job, and the work ends with the last job's result. The registration of the
    /// jobs counts only in the first measurement, because the journal is held until all jobs wait.
    /// </summary>
    public static async Task<Measurement> DispatchAsync(string server, int count)
    {
        RenditionJobsSnapshot jobs = Jobs(count, waiting: true);
        using HttpClient http = new();
        return await Measurement.OfPreparedAsync(count, async () =>
        {
            string account = $"/held/{count}-{Guid.NewGuid():N}";
            Task resuming = ResumeAsync(server, account, jobs);
            // Completes when the first request for the journal arrives.
            Task<HttpResponseMessage> asking = http.PostAsync(new Uri($"{server}{account}/asked"), content: null);
            if (await Task.WhenAny(asking, resuming) == resuming)
            {
                await resuming;
            }

            using HttpResponseMessage asked = await asking;
            asked.EnsureSuccessStatusCode();
            await UntilQuietAsync();
            return async () =>
            {
                using HttpResponseMessage released = await http.PostAsync(new Uri($"{server}{account}/release"), content: null);
                released.EnsureSuccessStatusCode();
                await resuming;
            };
        });
    }

    /// <summary>Waits until all jobs wait: the process allocates almost nothing for several intervals.</summary>
    private static async Task UntilQuietAsync()
    {
        for (int quiet = 0; quiet < 5;)
        {
            long before = GC.GetTotalAllocatedBytes();
            await Task.Delay(s_moment);
            quiet = GC.GetTotalAllocatedBytes() - before < 10_000 ? quiet + 1 : 0;
        }
    }

    /// <summary>The same reading when other clients own all events except the last one, which completes the only job.</summary>
    public static async Task<Measurement> PassByAsync(string server, int count)
    {
        RenditionJobsSnapshot jobs = Jobs(count, waiting: false);
        return await Measurement.OfAsync(count, () => ResumeAsync(server, $"/pages/{count}", jobs));
    }

    /// <summary>
    /// Compares the cost per event of a long journal with that of a short one, in the same process. The extra figure is the processor time
    /// per event of the long journal, divided by that of the short ones: the median of several pairs with equal numbers of events, because other load on the
    /// machine changes a single pair by more than the target allows.
    /// </summary>
    public static async Task<Measurement> GrowAsync(string server, int count)
    {
        const int shortCount = 10_000;
        const int pairs = 3;
        await using AssetComputeClient client = OurClient.Create(server, "/pages/0");
        await ReadAsync(client, server, 20 * shortCount);
        List<Measurement> longs = [];
        List<double> ratios = [];
        for (int pair = 0; pair < pairs; pair++)
        {
            // The long journal is first, so that late compilation counts against it.
            Measurement many = await Measurement.OfOneAsync(count, () => ReadAsync(client, server, count));
            Measurement few = await Measurement.OfOneAsync(count, async () =>
            {
                for (int round = 0; round < count / shortCount; round++)
                {
                    await ReadAsync(client, server, shortCount);
                }
            });
            longs.Add(many);
            ratios.Add(many.CpuMicroseconds / few.CpuMicroseconds);
        }

        return longs[^1] with { Extra = ratios.Order().ElementAt(pairs / 2) };
    }

    private static RenditionJobsSnapshot Jobs(int count, bool waiting)
    {
        int last = (count - 1) / JournalPages.RenditionsPerRequest;
        int first = waiting ? 0 : last;
        return new RenditionJobsSnapshot
        {
            Jobs = [.. Enumerable.Range(first, last + 1 - first).Select(static number =>
                new OpenRenditionJob { Request = SampleRequest.Create(number, JournalPages.RequestId(number)), Position = JournalPosition.Oldest })],
        };
    }

    private static async Task ResumeAsync(string server, string account, RenditionJobsSnapshot jobs)
    {
        await using AssetComputeClient client = OurClient.Create(server, account);
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
