using System.Text;
using AssetCompute.Client.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AssetCompute.Client.Tests.Webhooks;

public sealed partial class WebhookReceiverTests
{
    [Fact]
    public async Task Receive_SignedDelivery_Is200AfterItsEventsAreStored()
    {
        await using ReceiverBench bench = new();

        WebhookAnswer answer = await bench.DeliverAsync(ReceiverBench.Published, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(200, answer.StatusCode);
        Assert.Null(answer.RetryAfter);
        Assert.Equal("acct:aem-p1-e2@adobe.com e-1", Assert.Single(bench.Handler.Events).Id);
    }

    [Theory]
    [InlineData("""{"recipientclientid":"other","event":{"a":1}}""", 403)]
    [InlineData("""no json""", 400)]
    [InlineData("""[]""", 400)]
    public async Task Receive_SignedButNotForUs_IsRefusedForGood(string body, int status)
    {
        await using ReceiverBench bench = new();

        Assert.Equal(status, (await bench.DeliverAsync(body, cancellationToken: TestContext.Current.CancellationToken)).StatusCode);
        Assert.Empty(bench.Handler.Events);
    }

    [Fact]
    public async Task Receive_NotSigned_Is401()
    {
        await using ReceiverBench bench = new();

        Assert.Equal(401, (await bench.DeliverAsync(ReceiverBench.Published, new WebhookSignatures(), TestContext.Current.CancellationToken)).StatusCode);
        Assert.Empty(bench.Handler.Events);
    }

    [Fact]
    public async Task Receive_HandlerThatFails_Is503WithRetryAfter()
    {
        await using ReceiverBench bench = new();
        foreach (Exception failure in new Exception[] { new AssetCompute.Client.Inbox.InboxException("the disk is full"), new InvalidOperationException(), new OperationCanceledException() })
        {
            bench.Handler.Before = _ => throw failure;
            WebhookAnswer answer = await bench.DeliverAsync(ReceiverBench.Published, cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(503, answer.StatusCode);
            Assert.Equal(TimeSpan.FromMinutes(1), answer.RetryAfter);
            Assert.DoesNotContain("disk", answer.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Receive_HandlerThatBlocksItsThread_DoesNotHoldTheCallerUp()
    {
        await using ReceiverBench bench = new();
        using ManualResetEventSlim release = new();
        using ManualResetEventSlim begun = new();
        bench.Handler.Before = _ =>
        {
            begun.Set();
            release.Wait(CancellationToken.None);
            return Task.CompletedTask;
        };

        Task<WebhookAnswer> answer = bench.DeliverAsync(ReceiverBench.Published, cancellationToken: TestContext.Current.CancellationToken);
        begun.Wait(TestContext.Current.CancellationToken);
        bench.Clock.Advance(TimeSpan.FromSeconds(8));

        Assert.Equal(503, (await answer).StatusCode);
        release.Set();
    }

    [Fact]
    public async Task Receive_BodyThatBreaksOff_Is503()
    {
        await using ReceiverBench bench = new();

        Assert.Equal(503, (await bench.ReceiveAsync(new DripStream([], -1), new WebhookSignatures(), TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Receive_HandlerWhoseCallbackThrows_Is503InTimeAndThatIsLogged()
    {
        await using ReceiverBench bench = new();
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Handler.Before = async token =>
        {
            await using CancellationTokenRegistration registration = token.Register(static () => throw new InvalidOperationException("A callback of the user's own."));
            begun.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
        };
        Task<WebhookAnswer> answer = bench.DeliverAsync(ReceiverBench.Published, cancellationToken: TestContext.Current.CancellationToken);
        await begun.Task.InTimeAsync("the handler begins");

        // This call runs the timer callback. In production, an exception from that callback would end the process.
        bench.Clock.Advance(TimeSpan.FromSeconds(8));

        Assert.Equal(503, (await answer).StatusCode);
        await bench.DisposeAsync();
        Assert.Contains(bench.Log.Lines, line => line.Id == 1409);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(450_000)]
    public async Task Receive_OneEventOfABatchNestedTooDeep_IsSetAsideAndTheOthersAreStored(int depth)
    {
        await using ReceiverBench bench = new();
        string deep = $$"""{"specversion":"1.0","id":"deep","source":"urn:s","recipientclientid":"me","data":{{new string('[', depth)}}{{new string(']', depth)}}}""";
        string batch = $"[{ReceiverBench.Published},{deep},{ReceiverBench.Published.Replace("e-1", "e-2", StringComparison.Ordinal)}]";

        Assert.Equal(200, (await bench.DeliverAsync(batch, cancellationToken: TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(["acct:aem-p1-e2@adobe.com e-1", "acct:aem-p1-e2@adobe.com e-2"], bench.Handler.Events.Select(received => received.Id));
        Assert.Contains("'urn:s deep'", Assert.Single(bench.Log.Lines, line => line.Id == 1408).Text, StringComparison.Ordinal);

        bench.Handler.Events.Clear();
        bench.TakesProblems = true;
        Assert.Equal(200, (await bench.DeliverAsync(batch, cancellationToken: TestContext.Current.CancellationToken)).StatusCode);
        WebhookEvent setAside = Assert.Single(bench.Handler.Events, received => received.Id == "urn:s deep");
        Assert.Contains("256 levels", setAside.Problem, StringComparison.Ordinal);
        Assert.IsType<UnknownEvent>(setAside.Event);
    }

    [Fact]
    public async Task Receive_OneEventOfABatchOverTheSize_IsSetAsideAndTheOthersAreStored()
    {
        await using ReceiverBench bench = new(options => options.MaxEventBytes = 1024);
        string large = $$"""{"specversion":"1.0","id":"large","source":"urn:s","recipientclientid":"me","data":"{{new string('x', 2000)}}"}""";

        Assert.Equal(200, (await bench.DeliverAsync($"[{large},{ReceiverBench.Published}]", cancellationToken: TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal("acct:aem-p1-e2@adobe.com e-1", Assert.Single(bench.Handler.Events).Id);
        Assert.Single(bench.Log.Lines, line => line.Id == 1408);
    }

    [Fact]
    public async Task Receive_SenderThatGoes_CancelsTheHandler()
    {
        await using ReceiverBench bench = new();
        using CancellationTokenSource gone = new();
        TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Handler.Before = async token =>
        {
            await using CancellationTokenRegistration registration = token.Register(cancelled.SetResult);
            await gone.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
        };

        Assert.Equal(503, (await bench.DeliverAsync(ReceiverBench.Published, cancellationToken: gone.Token)).StatusCode);
        await cancelled.Task.InTimeAsync("the handler is cancelled");
    }

    [Fact]
    public async Task Dispose_HandlerThatNeverEnds_IsWaitedForNoLongerThanAnAnswer()
    {
        ReceiverBench bench = new();
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Handler.Before = _ =>
        {
            begun.SetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, CancellationToken.None);
        };
        Task<WebhookAnswer> answer = bench.DeliverAsync(ReceiverBench.Published, cancellationToken: TestContext.Current.CancellationToken);
        await begun.Task.InTimeAsync("the handler begins");
        bench.Clock.Advance(TimeSpan.FromSeconds(8));
        Assert.Equal(503, (await answer).StatusCode);

        Task disposed = bench.DisposeAsync().AsTask();
        await bench.Clock.WaitForTimersAsync(cancellationToken: TestContext.Current.CancellationToken);
        bench.Clock.Advance(TimeSpan.FromSeconds(8) - TimeSpan.FromTicks(1));
        Assert.False(disposed.IsCompleted);
        bench.Clock.Advance(TimeSpan.FromTicks(1));

        await disposed.InTimeAsync("the receiver is disposed");
    }

    [Fact]
    public async Task Receive_AfterDispose_Is503()
    {
        ReceiverBench bench = new();
        WebhookSignatures signatures = bench.Signer.SignBody(Encoding.UTF8.GetBytes(ReceiverBench.Published));
        await bench.DisposeAsync();
        await bench.Receiver.DisposeAsync();

        Assert.Equal(503, (await bench.DeliverAsync(ReceiverBench.Published, signatures, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData("8ec8d794-e0ab-42df-9017-e3dada8e84f7", 200)]
    [InlineData("aZ09-_.~+/=:", 200)]
    [InlineData(null, 400)]
    [InlineData("", 400)]
    [InlineData("<script>alert(1)</script>", 400)]
    [InlineData("a b", 400)]
    [InlineData("a\r\nset-cookie:b", 400)]
    [InlineData("é", 400)]
    public async Task Challenge_RepeatsOnlyWhatAChallengeIsMadeOf(string? challenge, int status)
    {
        await using ReceiverBench bench = new();

        WebhookAnswer answer = await bench.ChallengeAsync(challenge);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(status == 200, answer.Body == challenge);
    }

    [Fact]
    public async Task Challenge_LongerThanAnyChallenge_Is400()
    {
        await using ReceiverBench bench = new();

        Assert.Equal(200, (await bench.ChallengeAsync(new string('a', 512))).StatusCode);
        Assert.Equal(400, (await bench.ChallengeAsync(new string('a', 513))).StatusCode);
    }

    public static TheoryData<string, Action<WebhookOptions>> WrongOptions => new()
    {
        { "ClientId", options => options.ClientId = " " },
        { "PublicKeyEndpoint", options => options.PublicKeyEndpoint = new Uri("http://static.adobeioevents.com") },
        { "PublicKeyEndpoint", options => options.PublicKeyEndpoint = new Uri("https://static.adobeioevents.com/prod") },
        { "PublicKeyEndpoint", options => options.PublicKeyEndpoint = new Uri("https://a@static.adobeioevents.com") },
        { "PublicKeyEndpoint", options => options.PublicKeyEndpoint = null! },
        { "ValidationEndpoint", options => options.ValidationEndpoint = new Uri("/relative", UriKind.Relative) },
        { "MaxBodyBytes", options => options.MaxBodyBytes = 1023 },
        { "MaxBodyBytes", options => options.MaxBodyBytes = int.MaxValue },
        { "MaxEventBytes", options => options.MaxEventBytes = 1023 },
        { "MaxBatchSize", options => options.MaxBatchSize = 0 },
        { "MaxConcurrentDeliveries", options => options.MaxConcurrentDeliveries = 0 },
        { "AnswerTimeout", options => options.AnswerTimeout = TimeSpan.Zero },
        { "KeyLifetime", options => options.KeyLifetime = TimeSpan.FromHours(25) },
    };

    [Theory]
    [MemberData(nameof(WrongOptions))]
    public void Options_OutOfRange_AreNamed(string option, Action<WebhookOptions> wrong)
    {
        ServiceCollection services = new();
        services.AddAdobeWebhooks(options =>
        {
            options.ClientId = "me";
            wrong(options);
        });
        using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Contains(option, Assert.Throws<OptionsValidationException>(() => provider.GetRequiredKeyedService<WebhookReceiver>("")).Message, StringComparison.Ordinal);
    }
}
