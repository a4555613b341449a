using System.Text.Json.Nodes;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Emulator.Tests;

public sealed class CallTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_stand_in_order_with_status_and_request_id_and_without_secrets()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        await emulator.Storage.PutAsync("x", new byte[1], cancellationToken: Cancellation);
        using var unregister = await client.PostAsync("/unregister", requestId: "mine");
        using var read = await client.Http.GetAsync(emulator.Storage.CreateReadUrl("x"), Cancellation);
        using var token = await client.Http.PostAsync("/ims/token/v3?client_secret=emulator-secret", client.TokenForm(), Cancellation);

        var calls = emulator.Calls.ToArray();

        Assert.Equal(
            [EmulatorOperation.Token, EmulatorOperation.Register, EmulatorOperation.Unregister, EmulatorOperation.BlobRead, EmulatorOperation.Token],
            calls.Select(call => call.Operation));
        Assert.Equal([1, 2, 3, 4, 5], calls.Select(call => call.Sequence));
        Assert.All(calls, call => Assert.Equal(200, call.Status));
        Assert.Equal("mine", calls[2].RequestId);
        Assert.Equal("Bearer ***", calls[2].Headers["authorization"]);
        Assert.EndsWith("&sig=***", calls[3].Path, StringComparison.Ordinal);
        Assert.Equal("/ims/token/v3?client_secret=***", calls[4].Path);
        Assert.Equal(1, emulator.Calls.Count(EmulatorOperation.Unregister));
    }

    [Fact]
    public async Task Call_has_its_bodies_without_secrets_and_how_long_it_took()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        var source = new JsonObject { ["url"] = "https://example.com/a?key=secret", ["headers"] = new JsonObject { ["Authorization"] = "secret" } };
        await client.ProcessAsync(source, RenditionTests.Rendition(emulator, "x", "png"));
        using var validated = await client.Http.PostAsync("/ims/validate_token/v1?client_id=emulator-client&type=access_token", new FormUrlEncodedContent([new("token", client.Token)]), Cancellation);
        using var large = await client.SendAsync(HttpMethod.Post, "/process", $$"""{"source":"data:,{{new string('x', 70_000)}}","renditions":[]}""");

        var token = await BodiesAsync(1);
        var process = await BodiesAsync(3);

        Assert.Contains("client_secret=***&grant_type=client_credentials", token.Request, StringComparison.Ordinal);
        Assert.Contains("\"access_token\": \"***\"", token.Response, StringComparison.Ordinal);
        Assert.Contains("https://example.com/a?***", process.Request, StringComparison.Ordinal);
        Assert.Contains("\"headers\": \"***\"", process.Request, StringComparison.Ordinal);
        Assert.Contains("\"requestId\":", process.Response, StringComparison.Ordinal);
        Assert.Equal("token=***", (await BodiesAsync(4)).Request);
        Assert.Equal("", (await BodiesAsync(5)).Request);
        Assert.NotEmpty((await BodiesAsync(5)).Response);
        foreach (var text in new[] { token, process }.SelectMany(bodies => new[] { bodies.Request, bodies.Response }))
        {
            Assert.DoesNotContain("secret\"", text, StringComparison.Ordinal);
            Assert.DoesNotContain("emulator-secret", text, StringComparison.Ordinal);
            Assert.DoesNotContain(client.Token, text, StringComparison.Ordinal);
            Assert.DoesNotContain("sig=", text, StringComparison.Ordinal);
        }

        async Task<(string Request, string Response)> BodiesAsync(int sequence)
        {
            JsonObject call = [];
            await Waiting.UntilAsync(async () =>
            {
                using var response = await client.Http.GetAsync($"/emulator/calls/{sequence}", Cancellation);
                call = await ServiceClient.JsonAsync(response);
                return call["milliseconds"] is not null;
            });
            Assert.True(call["milliseconds"]!.GetValue<double>() > 0);
            return (call["requestBody"]?.GetValue<string>() ?? "", call["responseBody"]?.GetValue<string>() ?? "");
        }
    }

    [Fact]
    public async Task Bodies_of_the_oldest_calls_go_first()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        var body = $$"""{"x":"{{new string('x', 60_000)}}"}""";
        for (var i = 0; i < 300; i++)
        {
            using var refused = await client.SendAsync(HttpMethod.Post, "/process", body);
        }

        Assert.DoesNotContain("requestBody\":\"", await client.Http.GetStringAsync("/emulator/calls/3", Cancellation), StringComparison.Ordinal);
        Assert.Contains("requestBody\":\"", await client.Http.GetStringAsync("/emulator/calls/299", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_ends_at_the_call_that_satisfies_it()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = new ServiceClient(emulator);
        await client.SignInAsync();
        var waiting = emulator.Calls.WaitAsync(call => call is { Operation: EmulatorOperation.Register, Status: 200 }, Cancellation);
        Assert.False(waiting.IsCompleted);

        await client.RegisterAsync();

        Assert.Equal("/register", (await waiting).Path);
        Assert.Same(await waiting, await emulator.Calls.WaitAsync(call => call.Operation == EmulatorOperation.Register, Cancellation));
    }

    [Fact]
    public async Task Wait_ends_with_its_cancellation()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var cancel = new CancellationTokenSource();
        var waiting = emulator.Calls.WaitAsync(_ => true, cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Call_that_its_caller_gave_up_has_no_status()
    {
        var clock = new FakeTimeProvider();
        var emulator = await AssetComputeEmulator.StartAsync(options => options.TimeProvider = clock, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        emulator.Faults.Next(EmulatorOperation.Token, EmulatorFault.Late(TimeSpan.FromMinutes(1)));
        using var givenUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var late = client.Http.PostAsync("/ims/token/v3", client.TokenForm(), givenUp.Token);
        var call = await emulator.Calls.WaitAsync(call => call is { Operation: EmulatorOperation.Token, Fault: not null }, Cancellation);
        await ForAsync(() => clock.ActiveTimers == 1);

        await givenUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => late);
        await ForAsync(() => clock.ActiveTimers == 0);
        await emulator.DisposeAsync();

        Assert.Equal(0, call.Status);

        static async Task ForAsync(Func<bool> condition)
        {
            while (!condition())
            {
                await Task.Delay(5, Cancellation);
            }
        }
    }

    [Fact]
    public async Task Condition_that_throws_ends_its_own_wait_and_neither_the_call_nor_other_waits()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = new ServiceClient(emulator);
        var wrong = emulator.Calls.WaitAsync(_ => throw new FormatException("mistaken"), Cancellation);
        var right = emulator.Calls.WaitAsync(call => call.Status == 200, Cancellation);

        await client.SignInAsync();

        await Assert.ThrowsAsync<FormatException>(() => wrong);
        Assert.Equal(EmulatorOperation.Token, (await right).Operation);
    }

    [Fact]
    public async Task Oldest_calls_go_and_their_count_stays()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.CallCapacity = 3, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        for (var i = 0; i < 5; i++)
        {
            await client.RegisterAsync();
        }

        Assert.Equal([5, 6, 7], emulator.Calls.Select(call => call.Sequence));
        Assert.Equal(6, emulator.Calls.Count(EmulatorOperation.Register));
        emulator.Calls.Clear();
        Assert.Empty(emulator.Calls);
        Assert.Equal(0, emulator.Calls.Count(EmulatorOperation.Register));
    }
}
