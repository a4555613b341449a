using System.Net;
using System.Text.Json.Nodes;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Emulator.Tests;

public sealed partial class FaultTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Next_calls_answer_the_status_with_headers_and_body_then_all_is_well()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        emulator.Faults.Next(EmulatorOperation.Register, EmulatorFault.Answer(503, TimeSpan.FromSeconds(2.5), """{"message":"no"}"""), calls: 2);

        using var first = await client.PostAsync("/register");
        using var second = await client.PostAsync("/register");
        using var third = await client.PostAsync("/register");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, first.StatusCode);
        Assert.Equal("3", first.Headers.GetValues("Retry-After").Single());
        Assert.Equal("""{"message":"no"}""", await first.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("application/json", first.Content.Headers.ContentType!.MediaType);
        Assert.NotEmpty(first.Headers.GetValues("X-Request-Id").Single());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
    }

    [Fact]
    public async Task Retry_After_can_be_a_date_by_the_emulators_clock()
    {
        var clock = new FakeTimeProvider();
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.TimeProvider = clock, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        emulator.Faults.Next(EmulatorOperation.Register, EmulatorFault.Answer(429, TimeSpan.FromSeconds(90)) with { RetryAfterAsDate = true });

        using var response = await client.PostAsync("/register");

        Assert.Equal(clock.GetUtcNow().AddSeconds(90), response.Headers.RetryAfter!.Date!.Value, TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData(EmulatorOperation.Token)]
    [InlineData(EmulatorOperation.Register)]
    [InlineData(EmulatorOperation.Unregister)]
    [InlineData(EmulatorOperation.Process)]
    [InlineData(EmulatorOperation.Journal)]
    [InlineData(EmulatorOperation.BlobRead)]
    [InlineData(EmulatorOperation.BlobWrite)]
    public async Task Every_operation_can_fail_and_only_that_one_does(EmulatorOperation operation)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        await emulator.Storage.PutAsync("x", new byte[1], cancellationToken: Cancellation);
        emulator.Faults.Next(operation, EmulatorFault.Answer(418), calls: 100);

        var teapots = new List<EmulatorOperation>();
        foreach (var (called, call) in new (EmulatorOperation, Func<Task<HttpResponseMessage>>)[]
        {
            (EmulatorOperation.Token, () => client.Http.PostAsync("/ims/token/v3", client.TokenForm(), Cancellation)),
            (EmulatorOperation.Process, () => client.PostAsync("/process", new JsonObject())),
            (EmulatorOperation.Journal, () => client.GetJournalAsync()),
            (EmulatorOperation.BlobRead, () => client.Http.GetAsync(emulator.Storage.CreateReadUrl("x"), Cancellation)),
            (EmulatorOperation.BlobWrite, () => client.Http.PutAsync(emulator.Storage.CreateWriteUrl("x"), new ByteArrayContent([1]), Cancellation)),
            (EmulatorOperation.Register, () => client.PostAsync("/register")),
            (EmulatorOperation.Unregister, () => client.PostAsync("/unregister")),
        })
        {
            using var response = await call();
            if ((int)response.StatusCode == 418)
            {
                teapots.Add(called);
            }
        }

        Assert.Equal([operation], teapots);
    }

    [Fact]
    public async Task Share_of_calls_fails_and_the_same_seed_fails_the_same_calls()
    {
        async Task<string> PatternAsync(int seed)
        {
            await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
            using var client = await ServiceClient.RegisteredAsync(emulator);
            emulator.Faults.Share(EmulatorOperation.Journal, 0.3, EmulatorFault.Answer(500), seed);
            var pattern = "";
            for (var i = 0; i < 60; i++)
            {
                using var response = await client.GetJournalAsync();
                pattern += response.StatusCode == HttpStatusCode.InternalServerError ? 'x' : '.';
            }

            return pattern;
        }

        var first = await PatternAsync(7);

        Assert.Equal(first, await PatternAsync(7));
        Assert.NotEqual(first, await PatternAsync(8));
        Assert.InRange(first.Count(c => c == 'x'), 8, 30);
    }

    [Fact]
    public async Task Reset_before_headers_breaks_the_connection_and_has_no_effect()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = new ServiceClient(emulator);
        await client.SignInAsync();
        emulator.Faults.Next(EmulatorOperation.Register, EmulatorFault.Reset());

        await Assert.ThrowsAsync<HttpRequestException>(() => client.PostAsync("/register"));

        using var unregister = await client.PostAsync("/unregister");
        Assert.Equal(HttpStatusCode.NotFound, unregister.StatusCode);
        Assert.Equal(0, emulator.Calls.Of(EmulatorOperation.Register).Single().Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Headers_only_and_truncation_take_effect_and_break_the_body(bool truncate)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = new ServiceClient(emulator);
        await client.SignInAsync();
        emulator.Faults.Next(EmulatorOperation.Register, truncate ? EmulatorFault.Truncate() : EmulatorFault.HeadersOnly());

        using var request = new HttpRequestMessage(HttpMethod.Post, "/register");
        request.Headers.Authorization = new("Bearer", client.Token);
        request.Headers.Add("x-api-key", "emulator-client");
        request.Headers.Add("x-gw-ims-org-id", "emulator@AdobeOrg");
        using var response = await client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync(Cancellation));
        using var unregister = await client.PostAsync("/unregister");
        Assert.Equal(HttpStatusCode.OK, unregister.StatusCode);
        Assert.Equal(200, emulator.Calls.Of(EmulatorOperation.Register).Single().Status);
    }

    [Theory]
    [InlineData(EmulatorFaultConnection.CloseAfterHeaders)]
    [InlineData(EmulatorFaultConnection.TruncateBody)]
    public async Task Answer_without_a_body_is_reset_after_the_effect(EmulatorFaultConnection connection)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        emulator.Faults.Next(EmulatorOperation.BlobWrite, new EmulatorFault { Connection = connection });
        emulator.Faults.Next(EmulatorOperation.Journal, new EmulatorFault { Connection = connection });

        await Assert.ThrowsAsync<HttpRequestException>(() => client.Http.PutAsync(emulator.Storage.CreateWriteUrl("x"), new ByteArrayContent([1]), Cancellation));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetJournalAsync("?latest=true"));

        Assert.True(emulator.Storage.Exists("x"));
        Assert.Equal([0, 0], emulator.Calls.Where(call => call.Fault is not null).Select(call => call.Status));
    }

    [Fact]
    public async Task Truncated_body_arrives_to_its_half()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = new ServiceClient(emulator);
        await emulator.Storage.PutAsync("x", new byte[201], cancellationToken: Cancellation);
        emulator.Faults.Next(EmulatorOperation.BlobRead, EmulatorFault.Truncate());

        using var response = await client.Http.GetAsync(emulator.Storage.CreateReadUrl("x"), HttpCompletionOption.ResponseHeadersRead, Cancellation);
        var arrived = new byte[100];
        await using var body = await response.Content.ReadAsStreamAsync(Cancellation);
        await body.ReadExactlyAsync(arrived, Cancellation);

        Assert.Equal(201, response.Content.Headers.ContentLength);
        await Assert.ThrowsAnyAsync<IOException>(() => body.ReadExactlyAsync(arrived.AsMemory(0, 1), Cancellation).AsTask());
    }

    [Fact]
    public async Task Body_of_two_gigabytes_is_cut_on_its_way_and_not_kept()
    {
        const long size = 2L << 30;
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await AemAuthorTests.SignedInAsync(emulator);
        var asset = await emulator.Aem.AddGeneratedAssetAsync("/content/dam/film.mp4", size, cancellationToken: Cancellation);
        emulator.Faults.Next(EmulatorOperation.AemRead, EmulatorFault.HeadersOnly());
        emulator.Faults.Next(EmulatorOperation.AemRead, EmulatorFault.Truncate());
        async Task<HttpResponseMessage> GetAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/content/dam/film.mp4");
            request.Headers.Authorization = new("Bearer", client.Token);
            var response = await client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(size, response.Content.Headers.ContentLength);
            return response;
        }

        using var headersOnly = await GetAsync();
        await using var nothing = await headersOnly.Content.ReadAsStreamAsync(Cancellation);
        await Assert.ThrowsAnyAsync<IOException>(() => nothing.ReadExactlyAsync(new byte[1], Cancellation).AsTask());
        using var truncated = await GetAsync();
        await using var half = await truncated.Content.ReadAsStreamAsync(Cancellation);
        var (arrived, expected) = (new byte[1 << 20], new byte[1 << 20]);
        await half.ReadExactlyAsync(arrived, Cancellation);
        await using var original = asset.OpenRead();
        await original.ReadExactlyAsync(expected, Cancellation);

        Assert.Equal(expected, arrived);
    }

    [Fact]
    public async Task Late_call_waits_for_the_emulators_clock()
    {
        var clock = new FakeTimeProvider();
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.TimeProvider = clock, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        emulator.Faults.Next(EmulatorOperation.Register, EmulatorFault.Late(TimeSpan.FromMinutes(1)));

        var late = client.PostAsync("/register");
        var call = await emulator.Calls.WaitAsync(call => call is { Operation: EmulatorOperation.Register, Status: 0, Fault: not null }, Cancellation);
        Assert.False(late.IsCompleted);
        while (clock.ActiveTimers == 0)
        {
            await Task.Yield();
        }

        clock.Advance(TimeSpan.FromMinutes(1));
        using var response = await late;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("late by 60 s", call.Fault);
    }

    [Fact]
    public async Task Span_of_time_fails_its_calls_and_no_others()
    {
        var clock = new FakeTimeProvider();
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.TimeProvider = clock, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        emulator.Faults.Add(EmulatorOperation.Register, EmulatorFault.Answer(429) with { From = TimeSpan.FromSeconds(2), Until = TimeSpan.FromSeconds(5) });

        var statuses = new List<int>();
        for (var second = 0; second < 7; second++)
        {
            using var response = await client.PostAsync("/register");
            statuses.Add((int)response.StatusCode);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([200, 200, 429, 429, 429, 200, 200], statuses);
    }

    [Fact]
    public async Task Token_lifetime_shortens_tokens_and_clear_ends_every_fault()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        emulator.Faults.TokenLifetime = TimeSpan.FromSeconds(3);
        emulator.Faults.Next(EmulatorOperation.Register, EmulatorFault.Answer(500), calls: 100);
        emulator.Faults.Share(EmulatorOperation.Register, 1, EmulatorFault.Answer(500));
        emulator.Faults.LimitRate(EmulatorOperation.Register, 0.001, 1);
        emulator.Faults.LimitWindow(EmulatorOperation.Register, 1, TimeSpan.FromHours(1));
        emulator.Faults.LimitConcurrency(EmulatorOperation.Register, 1);
        using var brief = await client.Http.PostAsync("/ims/token/v3", client.TokenForm(), Cancellation);

        emulator.Faults.Clear();
        using var whole = await client.Http.PostAsync("/ims/token/v3", client.TokenForm(), Cancellation);
        using var register = await client.PostAsync("/register");

        Assert.Equal(3, (await ServiceClient.JsonAsync(brief))["expires_in"]!.GetValue<int>());
        Assert.Equal(86_399, (await ServiceClient.JsonAsync(whole))["expires_in"]!.GetValue<int>());
        Assert.Equal(HttpStatusCode.OK, register.StatusCode);
    }
}
