using AssetCompute.Emulator;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.IntegrationTests.Authentication;

/// <summary>Tests for tokens that are revoked or expire while calls are in progress.</summary>
public sealed class TokenLifeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ATokenRevokedUnderCallsInFlight_CostsEachOneMoreRequestAndTheClientOneToken()
    {
        const int calls = 60;
        await using AssetComputeEmulator emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        await using AssetComputeClient client = Create(emulator);
        await client.RegisterAsync(Cancellation);

        emulator.Faults.Next(EmulatorOperation.Register, EmulatorFault.Late(TimeSpan.FromSeconds(4)), calls);
        Task[] inFlight = [.. Enumerable.Range(0, calls).Select(_ => client.RegisterAsync(Cancellation))];
        while (emulator.Calls.Count(EmulatorOperation.Register) < 1 + calls)
        {
            await Task.Delay(5, Cancellation);
        }

        emulator.RevokeTokens();
        await Task.WhenAll(inFlight);

        // On a slow machine, the first calls might complete before the last ones arrive. Only rejected calls are sent again, once each.
        IReadOnlyList<EmulatorCall> sent = emulator.Calls.Of(EmulatorOperation.Register);
        int refused = sent.Count(call => call.Status == 401);
        Assert.InRange(refused, calls / 2, calls);
        Assert.Equal(1 + calls, sent.Count(call => call.Status == 200));
        Assert.Equal(1 + calls + refused, sent.Count);
        Assert.Equal(2, emulator.Calls.Count(EmulatorOperation.Token));
    }

    [Fact]
    public async Task TokensThatLiveForASecond_FailNoCall()
    {
        await using AssetComputeEmulator emulator = await AssetComputeEmulator.StartAsync(
            static options => options.TokenLifetime = TimeSpan.FromSeconds(1), Cancellation);
        await using AssetComputeClient client = Create(emulator);
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(4));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            while (!end.IsCancellationRequested)
            {
                await client.RegisterAsync(Cancellation);
                await Task.Delay(10, Cancellation);
            }
        }));

        // One token per second, and one more for each token that expires in transit on a slow machine.
        int late = emulator.Calls.Of(EmulatorOperation.Register).Count(call => call.Status == 401);
        Assert.InRange(emulator.Calls.Count(EmulatorOperation.Token), 2, 6 + late);
    }

    [Fact]
    public async Task TwoDaysWithTokensOfThreeSeconds_NeverSeeA401()
    {
        const int requests = 10_000;
        var clock = new ShiftedClock();
        await using AssetComputeEmulator emulator = await AssetComputeEmulator.StartAsync(
            options =>
            {
                options.TokenLifetime = TimeSpan.FromSeconds(3);
                options.TimeProvider = clock;
                options.CallCapacity = 2 * requests;
            },
            Cancellation);
        await using AssetComputeClient client = AssetComputeClient.Create(
            options => Configure(options, emulator, EmulatorClient.WellKnown),
            builder => builder.Services.AddSingleton<TimeProvider>(clock));
        DateTimeOffset end = clock.GetUtcNow() + TimeSpan.FromHours(48);
        int renewals = 0;
        for (int left = requests; left > 0; left--)
        {
            await client.RegisterAsync(Cancellation);

            // Nine requests within the lifetime of one token, and then a longer pause.
            bool pause = left % 10 == 1;
            renewals += pause ? 1 : 0;
            clock.Advance(pause ? (end - clock.GetUtcNow()) / Math.Ceiling(left / 10d) : TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(requests, emulator.Calls.Count(EmulatorOperation.Register));
        Assert.DoesNotContain(emulator.Calls, call => call.Status == 401);
        Assert.InRange(emulator.Calls.Count(EmulatorOperation.Token), renewals, renewals + 2);
        Assert.True(clock.GetUtcNow() >= end);
    }

    [Fact]
    public async Task AColdStartOfManyCallers_AsksForOneToken()
    {
        await using AssetComputeEmulator emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        emulator.Faults.Next(EmulatorOperation.Token, EmulatorFault.Late(TimeSpan.FromMilliseconds(200)));
        await using AssetComputeClient client = Create(emulator);

        await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => client.RegisterAsync(Cancellation)));

        Assert.Equal(1, emulator.Calls.Count(EmulatorOperation.Token));
        Assert.DoesNotContain(emulator.Calls, call => call.Status == 401);
    }

    [Fact]
    public async Task TwoAccountsInOneProgram_ShareNothing()
    {
        var other = new EmulatorClient { ClientId = "other-client", ClientSecrets = ["other-secret"], OrganizationId = "other@AdobeOrg" };
        await using AssetComputeEmulator emulator = await AssetComputeEmulator.StartAsync(
            options =>
            {
                options.Clients.Add(EmulatorClient.WellKnown);
                options.Clients.Add(other);
            },
            Cancellation);
        var services = new ServiceCollection();
        services.AddAssetCompute("one", options => Configure(options, emulator, EmulatorClient.WellKnown));
        services.AddAssetCompute("two", options => Configure(options, emulator, other));
        await using ServiceProvider provider = services.BuildServiceProvider();

        RegisterResult one = await provider.GetRequiredKeyedService<IAssetComputeClient>("one").RegisterAsync(Cancellation);
        RegisterResult two = await provider.GetRequiredKeyedService<IAssetComputeClient>("two").RegisterAsync(Cancellation);

        Assert.NotEqual(one.Journal, two.Journal);
        Assert.Equal(2, emulator.Calls.Count(EmulatorOperation.Token));
        Assert.Equal(
            [("emulator@AdobeOrg", "emulator-client"), ("other@AdobeOrg", "other-client")],
            emulator.Calls.Of(EmulatorOperation.Register).Select(call => (call.Headers["x-gw-ims-org-id"], call.Headers["x-api-key"])));
    }

    private static AssetComputeClient Create(AssetComputeEmulator emulator) =>
        AssetComputeClient.Create(options => Configure(options, emulator, EmulatorClient.WellKnown));

    private static void Configure(AssetComputeOptions options, AssetComputeEmulator emulator, EmulatorClient client)
    {
        options.Endpoint = emulator.Endpoint;
        options.ImsEndpoint = emulator.ImsEndpoint;
        options.OrganizationId = client.OrganizationId;
        options.ClientId = client.ClientId;
        options.ClientSecrets.Add(client.ClientSecrets[0]);

        // The test sets the number of concurrent calls.
        options.Throttling.Enabled = false;
    }

    /// <summary>The system clock with an adjustable offset. Timers continue in real time.</summary>
    private sealed class ShiftedClock : TimeProvider
    {
        private long _ticks;

        public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _ticks));

        public override long GetTimestamp() => base.GetTimestamp() + (long)(Interlocked.Read(ref _ticks) * ((double)TimestampFrequency / TimeSpan.TicksPerSecond));
    }
}
