using System.Globalization;
using System.Net;
using AssetCompute.Client.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.IntegrationTests.Http;

/// <summary>Tests each operation with each status code and each kind of invalid response over a socket.</summary>
[Collection("Broken responses")]
public partial class BrokenResponsesTests
{
    private const string Good = """{"ok":true,"journal":"https://journal.example/1","requestId":"r-1"}""";

    // A limit for tests that hang, much longer than any test takes.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    // The client's timeout without data. It is longer than a loopback response takes on a busy machine.
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(1);

    // The same where no attempt succeeds, so that being too short cannot fail a test.
    private static readonly TimeSpan s_hopelessSilence = TimeSpan.FromMilliseconds(100);

    private static readonly string[] s_silent = ["silence before the headers", "silence in the body", "body that drips"];

    private static readonly string[] Operations = ["register", "unregister", "process", "journal"];

    private static readonly Dictionary<string, (Func<RawExchange, Task> Answer, Outcome Outcome)> Breakages = new()
    {
        ["reset before the headers"] = (exchange => Do(exchange.Reset), Outcome.TriedAgain),
        ["closed before the headers"] = (_ => Task.CompletedTask, Outcome.TriedAgain),
        ["reset in the status line"] = (async exchange => { await exchange.WriteAsync("HTTP/1.1 20"); exchange.Reset(); }, Outcome.TriedAgain),
        ["closed in the headers"] = (exchange => exchange.WriteAsync("HTTP/1.1 200 OK\r\nContent-Ty"), Outcome.TriedAgain),
        ["reset after the headers"] = (async exchange => { await exchange.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"); exchange.Reset(); }, Outcome.TriedAgain),
        ["half a body, closed"] = (exchange => exchange.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"ok\":true,"), Outcome.TriedAgain),
        ["half a chunked body, closed"] = (exchange => exchange.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n{\"ok\":true,"), Outcome.TriedAgain),
        ["broken chunk length"] = (exchange => exchange.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"), Outcome.TriedAgain),
        ["garbage instead of HTTP"] = (exchange => exchange.WriteAsync("\0\u0001\u0002 SSH-2.0-OpenSSH_9.2\r\n\r\n"), Outcome.TriedAgain),
        ["negative length"] = (exchange => exchange.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: -5\r\nConnection: close\r\n\r\n"), Outcome.Any),
        ["header bomb"] = (exchange => exchange.WriteAsync("HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Range(0, 5000).Select(number => $"x-{number}: {new string('x', 100)}\r\n"))), Outcome.TriedAgain),
        ["one endless header"] = (EndlessHeaderAsync, Outcome.TriedAgain),
        ["gzip that is none"] = (exchange => exchange.WriteAsync("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 10\r\nConnection: close\r\n\r\n0123456789"), Outcome.TriedAgain),
        ["silence before the headers"] = (exchange => exchange.WaitForEverAsync(), Outcome.TriedAgain),
        ["silence in the body"] = (async exchange => { await exchange.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"); await exchange.WaitForEverAsync(); }, Outcome.TriedAgain),
        ["body that drips"] = (DripAsync, Outcome.TriedAgain),
        ["garbage as the body"] = (exchange => exchange.AnswerAsync(200, "\u0001\u0002 not JSON"), Outcome.Refused),
        ["HTML as the body"] = (exchange => exchange.AnswerAsync(200, "<html>Sign in to the network</html>"), Outcome.Refused),
        ["100 MB of body"] = (exchange => HugeAsync(exchange, 200), Outcome.Refused),
        ["100 MB of error"] = (exchange => HugeAsync(exchange, 400), Outcome.Refused),
        ["half an error"] = (exchange => exchange.WriteAsync("HTTP/1.1 400 Bad\r\nContent-Length: 100\r\n\r\n{\"message\""), Outcome.Refused),
        ["an error that is reset"] = (async exchange => { await exchange.WriteAsync("HTTP/1.1 403 No\r\nContent-Length: 100\r\n\r\n"); exchange.Reset(); }, Outcome.Refused),
        ["a redirect elsewhere"] = (exchange => exchange.AnswerAsync(302, "", "Location: https://elsewhere.example/\r\n"), Outcome.Refused),
    };

    private enum Outcome
    {
        /// <summary>The client retries, and the retry succeeds.</summary>
        TriedAgain,

        /// <summary>The client throws a typed exception without a retry.</summary>
        Refused,

        /// <summary>Success or a typed exception, because the HTTP stack might accept the response.</summary>
        Any,
    }

    // A journal page has no total time limit. Only a pause without data is a failure, so a slow body is valid.
    public static TheoryData<string, string> EveryBreakage { get; } = new(Operations.SelectMany(operation => Breakages.Keys
        .Where(breakage => operation != "journal" || breakage != "body that drips")
        .Select(breakage => (operation, breakage))));

    public static TheoryData<string, int> EveryStatus { get; } = new(Operations.SelectMany(operation => Enumerable.Range(300, 300)
        .Where(status => status < 500 ? status is not 410 || operation != "journal" : status <= 511 || status == 599)
        .Where(status => status is <= 308 or >= 400 and <= 431 or 451 or 499 or >= 500)
        .Select(status => (operation, status))));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(EveryBreakage))]
    public async Task Broken_answer_has_the_right_outcome(string operation, string breakage)
    {
        (Func<RawExchange, Task> answer, Outcome outcome) = Breakages[breakage];
        await using RawServer server = new(exchange => exchange.Number == 1 ? answer(exchange) : AnswerWellAsync(operation, exchange));
        await using AssetComputeClient client = NewClient(server);
        long memory = GC.GetTotalAllocatedBytes(precise: true);

        Exception? exception = await Record.ExceptionAsync(() => CallAsync(client, server, operation, Cancellation).WaitAsync(Patience, Cancellation));

        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - memory, 0, 32 * 1024 * 1024);
        switch (outcome)
        {
            case Outcome.TriedAgain when operation == "journal" && exception is JournalException { InnerException: InvalidDataException }:
                break;

            case Outcome.TriedAgain:
                Assert.Null(exception);
                Assert.Equal(2, server.Requests);
                break;

            // The journal reader retries most errors, so the call might succeed.
            case Outcome.Refused when operation == "journal":
                Assert.True(exception is null or JournalException, exception?.ToString());
                break;

            case Outcome.Refused:
                AssetComputeException refused = Assert.IsAssignableFrom<AssetComputeException>(exception);
                Assert.NotNull(refused.StatusCode);
                Assert.Equal(1, server.Requests);
                Assert.True(refused.ResponseBody is null or { Length: <= 4096 });
                break;

            default:
                Assert.True(exception is null or AssetComputeException, exception?.ToString());
                break;
        }
    }

    [Theory]
    [MemberData(nameof(EveryBreakage))]
    public async Task Broken_answer_again_and_again_ends_in_a_typed_exception(string operation, string breakage)
    {
        (Func<RawExchange, Task> answer, _) = Breakages[breakage];
        await using RawServer server = new(answer);
        await using AssetComputeClient client = NewClient(server, options =>
        {
            options.Retry.MaxRetryAttempts = 1;
            if (s_silent.Contains(breakage))
            {
                options.Retry.AttemptTimeout = options.Journal.ReadTimeout = s_hopelessSilence;
            }
        });

        AssetComputeException exception = await Assert.ThrowsAnyAsync<AssetComputeException>(() => CallAsync(client, server, operation, Cancellation).WaitAsync(Patience, Cancellation));

        Assert.InRange(exception.Attempts, 1, 2);
        Assert.DoesNotContain("elsewhere.example/?", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(EveryStatus))]
    public async Task Every_status_has_its_typed_outcome(string operation, int status)
    {
        bool again = status is 408 or >= 500;

        // Without a long Retry-After, the client retries a 429 response for minutes.
        string headers = status == 429 ? "Retry-After: 3600\r\n" : "";
        await using RawServer server = new(exchange => exchange.AnswerAsync(status, """{"message":"said"}""", headers));
        await using AssetComputeClient client = NewClient(server, options =>
        {
            options.Retry.MaxRetryAttempts = 1;
            options.Retry.AttemptTimeout = TimeSpan.FromSeconds(30);
        });

        AssetComputeException exception = await Assert.ThrowsAnyAsync<AssetComputeException>(() => CallAsync(client, server, operation, Cancellation).WaitAsync(Patience, Cancellation));

        Assert.Equal(status, (int)exception.StatusCode!);
        if (operation != "journal")
        {
            Assert.IsType(TypeOf(status), exception);
            Assert.Equal(again ? 2 : status == 401 ? server.Requests : 1, server.Requests);
            Assert.Contains(status == 304 ? "304" : "said", exception.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("register")]
    [InlineData("unregister")]
    [InlineData("process")]
    [InlineData("journal")]
    public async Task Cancelled_while_the_service_is_silent_ends_the_call(string operation)
    {
        TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RawServer server = new(exchange =>
        {
            arrived.TrySetResult();
            return exchange.WaitForEverAsync();
        });
        await using AssetComputeClient client = NewClient(server, options => options.Retry.AttemptTimeout = options.Retry.TotalTimeout = options.Journal.ReadTimeout = TimeSpan.FromHours(1));
        using CancellationTokenSource cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task call = CallAsync(client, server, operation, cancellation.Token);
        await arrived.Task.WaitAsync(Patience, Cancellation);

        await cancellation.CancelAsync();

        // No other time limit ends the call this early.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Patience, Cancellation));
    }

    [Fact]
    public async Task Nobody_listens_is_an_exception_that_says_so()
    {
        Uri endpoint;
        await using (RawServer server = new(_ => Task.CompletedTask))
        {
            endpoint = server.Endpoint;
        }

        await using AssetComputeClient client = NewClient(endpoint, options => options.Retry.MaxRetryAttempts = 1);

        AssetComputeUnavailableException exception = await Assert.ThrowsAsync<AssetComputeUnavailableException>(() => client.RegisterAsync(Cancellation));

        Assert.Contains("no connection could be made", exception.Message, StringComparison.Ordinal);
        Assert.Equal(2, exception.Attempts);
    }

    private static Type TypeOf(int status) => status switch
    {
        400 or 413 or 415 or 422 => typeof(AssetComputeInvalidRequestException),
        401 => typeof(AssetComputeAuthenticationException),
        403 => typeof(AssetComputeNotEntitledException),
        404 => typeof(AssetComputeNotRegisteredException),
        429 => typeof(AssetComputeThrottledException),
        408 or >= 500 => typeof(AssetComputeUnavailableException),
        _ => typeof(AssetComputeException),
    };

    private static async Task CallAsync(AssetComputeClient client, RawServer server, string operation, CancellationToken cancellationToken)
    {
        switch (operation)
        {
            case "register":
                await client.RegisterAsync(cancellationToken);
                break;
            case "unregister":
                await client.UnregisterAsync(cancellationToken);
                break;
            case "process":
                await client.ProcessAsync(NewRequest(), cancellationToken);
                break;
            default:
                await foreach (JournalEntry entry in client.Journal.ReadAsync(
                    options: new JournalReadOptions { Journal = new Uri(server.Endpoint, "/journal"), StopWhenCaughtUp = true }, cancellationToken: cancellationToken))
                {
                    Assert.NotNull(entry);
                }

                break;
        }
    }

    private static ProcessRequest NewRequest() => new()
    {
        Source = new Uri("https://source.example/a.jpg"),
        Renditions = [new Rendition { Format = RenditionFormat.Png, Target = new Uri("https://target.example/a.png") }],
    };

    private static Task AnswerWellAsync(string operation, RawExchange exchange) => operation == "journal"
        ? exchange.WriteAsync("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        : exchange.AnswerAsync(200, Good);

    private static AssetComputeClient NewClient(RawServer server, Action<AssetComputeOptions>? configure = null) => NewClient(server.Endpoint, configure);

    private static AssetComputeClient NewClient(Uri endpoint, Action<AssetComputeOptions>? configure = null) => AssetComputeClient.Create(
        options =>
        {
            options.Endpoint = endpoint;
            options.OrganizationId = "test@AdobeOrg";
            options.ClientId = "test";
            options.Retry.Delay = TimeSpan.FromMilliseconds(1);
            options.Retry.MaxDelay = TimeSpan.FromMilliseconds(5);
            options.Retry.AttemptTimeout = s_silence;
            options.Journal.RetryDelay = TimeSpan.FromMilliseconds(1);
            options.Journal.MaxRetryDelay = TimeSpan.FromMilliseconds(5);
            options.Journal.MaxConsecutiveFailures = 2;
            options.Journal.ReadTimeout = s_silence;
            options.Journal.MaxEventBytes = 64 * 1024;
            configure?.Invoke(options);
        },
        builder => builder.AddAccessTokenProvider(static _ => new FixedTokenProvider()));

    private sealed class FixedTokenProvider : IAccessTokenProvider
    {
        private readonly AccessToken _token = new("test", DateTimeOffset.MaxValue);

        public ValueTask<AccessToken> GetTokenAsync(AccessToken? rejected, CancellationToken cancellationToken) => new(_token);
    }
}
