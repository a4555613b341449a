using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Webhooks;

/// <summary>Answers the requests of Adobe I/O Events to one webhook. It lives as long as the application, because it caches Adobe's public keys.</summary>
internal sealed partial class WebhookReceiver : IAsyncDisposable, IDisposable
{
    /// <summary>The first interval after which Adobe sends a delivery again.</summary>
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromMinutes(1);

    private readonly WebhookOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly CancellationToken _hostStopping;
    private readonly ConcurrencyLimiter _deliveries;
    private readonly OwnedTasks _tasks;
    private readonly WebhookTelemetry _telemetry;
    private readonly SignatureVerifier _verifier;
    private readonly RegistrationValidator _validator;

    public WebhookReceiver(string account, WebhookOptions options, HttpClient http, ILogger logger, TimeProvider timeProvider, CancellationToken hostStopping)
    {
        _options = options;
        _timeProvider = timeProvider;
        _hostStopping = hostStopping;
        _deliveries = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = options.MaxConcurrentDeliveries, QueueLimit = 0 });
        _tasks = new OwnedTasks(timeProvider);
        _telemetry = new WebhookTelemetry(account, logger, timeProvider);
        _verifier = new SignatureVerifier(new PublicKeyCache(http, options, _tasks, _telemetry, timeProvider));
        _validator = new RegistrationValidator(http, options.ValidationEndpoint, _tasks, _telemetry, timeProvider);
    }

    /// <summary>Answers a GET with the challenge, and a POST after its events are stored, within <see cref="WebhookOptions.AnswerTimeout"/>.</summary>
    /// <param name="context">The request.</param>
    /// <param name="store">Stores the events.</param>
    /// <param name="takesProblems">Whether <paramref name="store"/> also stores the events that are set aside.</param>
    public async Task HandleAsync(HttpContext context, Func<IReadOnlyList<WebhookEvent>, CancellationToken, ValueTask> store, bool takesProblems)
    {
        long started = _timeProvider.GetTimestamp();
        WebhookOutcome outcome;
        if (HttpMethods.IsGet(context.Request.Method))
        {
            // Anyone can send this request, so the answer repeats only the characters of a challenge, and nothing that a browser could interpret as a page.
            outcome = context.Request.Query["challenge"] is [{ } challenge] && Challenge().IsMatch(challenge) ? WebhookOutcome.Challenge(challenge) : WebhookOutcome.BadChallenge;
        }
        else
        {
            using RateLimitLease place = _deliveries.AttemptAcquire();
            outcome = place.IsAcquired ? await ReceiveAsync(context, store, takesProblems).ConfigureAwait(false) : WebhookOutcome.Overloaded;
        }

        _telemetry.Answered(outcome, started);
        HttpResponse response = context.Response;
        response.StatusCode = outcome.StatusCode;
        response.ContentType = "text/plain; charset=utf-8";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
        if (outcome.StatusCode == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = s_retryAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        }

        byte[] body = Encoding.UTF8.GetBytes(outcome.Body);
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Cancels running work, and waits for it up to <see cref="WebhookOptions.AnswerTimeout"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        if (await _tasks.EndAsync(_options.AnswerTimeout).ConfigureAwait(false) is > 0 and int left)
        {
            _telemetry.LeftRunning(left);
        }

        Dispose();
    }

    /// <summary>Cancels running work, without waiting for it.</summary>
    public void Dispose()
    {
        _tasks.Dispose();
        _validator.Dispose();
    }

    private async Task<WebhookOutcome> ReceiveAsync(HttpContext context, Func<IReadOnlyList<WebhookEvent>, CancellationToken, ValueTask> store, bool takesProblems)
    {
        if (_hostStopping.IsCancellationRequested || _tasks.Stopping.IsCancellationRequested)
        {
            return WebhookOutcome.Stopping;
        }

        CancellationToken aborted = context.RequestAborted;
        using CancellationTokenSource timeout = new(_options.AnswerTimeout, _timeProvider);
        using CancellationTokenSource any = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, aborted, _tasks.Stopping);
        try
        {
            byte[] body = await ReadBodyAsync(context, any.Token).ConfigureAwait(false);
            if (WebhookEnvelope.ValidationUrlOf(body) is { } url)
            {
                return _validator.Start(url);
            }

            await _verifier.VerifyAsync(body, context.Request.Headers, any.Token).ConfigureAwait(false);
            IReadOnlyList<WebhookEvent> events = WebhookEnvelope.Parse(body, _options);
            foreach (WebhookEvent odd in events.Where(static received => received.Problem is not null))
            {
                _telemetry.SetAside(odd.Id, odd.Problem!);
            }

            IReadOnlyList<WebhookEvent> taken = takesProblems ? events : [.. events.Where(static received => received.Problem is null)];
            if (taken.Count == 0)
            {
                return WebhookOutcome.Stored(0);
            }

            // The answer is sent in time even if the handler ignores its token.
            return _tasks.TryRun(() => StoreAsync(taken, store, any.Token), ofCaller: true) is { } storing ? await storing.WaitAsync(any.Token).ConfigureAwait(false) : WebhookOutcome.Stopping;
        }
        catch (WebhookRefusedException refused)
        {
            return refused.Outcome;
        }
        catch (OperationCanceledException) when (any.IsCancellationRequested)
        {
            return aborted.IsCancellationRequested ? WebhookOutcome.Aborted : _tasks.Stopping.IsCancellationRequested ? WebhookOutcome.Stopping : WebhookOutcome.TimedOut;
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return TooLarge;
        }
        catch (IOException)
        {
            return WebhookOutcome.Aborted;
        }
    }

    private WebhookOutcome TooLarge => WebhookOutcome.TooLarge($"The body has more than {_options.MaxBodyBytes} bytes.");

    /// <summary>Reads the body. The limit applies even if the server or a middleware has none.</summary>
    private async Task<byte[]> ReadBodyAsync(HttpContext context, CancellationToken cancellationToken)
    {
        // The server's default may be lower than the limit of the webhook. With this limit, the server refuses a larger body before reading it. For a chunked
        // body, it counts the framing too.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
        {
            server.MaxRequestBodySize = context.Request.ContentLength is null ? null : _options.MaxBodyBytes;
        }

        // A middleware that buffers the body may have read it.
        if (context.Request.Body.CanSeek)
        {
            context.Request.Body.Position = 0;
        }

        ReadResult read = await context.Request.BodyReader.ReadAtLeastAsync(_options.MaxBodyBytes + 1, cancellationToken).ConfigureAwait(false);
        byte[]? body = read.Buffer.Length > _options.MaxBodyBytes ? null : read.Buffer.ToArray();
        context.Request.BodyReader.AdvanceTo(read.Buffer.End);
        return body is null ? throw new WebhookRefusedException(TooLarge)
            : body.Length == 0 ? throw new WebhookRefusedException(WebhookOutcome.EmptyBody)
            : body.Length < context.Request.ContentLength ? throw new WebhookRefusedException(WebhookOutcome.PartOfBody)
            : body;
    }

    private async Task<WebhookOutcome> StoreAsync(IReadOnlyList<WebhookEvent> events, Func<IReadOnlyList<WebhookEvent>, CancellationToken, ValueTask> store, CancellationToken answering)
    {
        // Not linked: if a callback of the handler threw on cancellation, the exception would leave the timer and end the process.
        using CancellationTokenSource handling = new();
        using CancellationTokenRegistration registration = answering.UnsafeRegister(_ => Cancel(handling), null);
        try
        {
            await store(events, handling.Token).ConfigureAwait(false);
            return WebhookOutcome.Stored(events.Count);
        }
        catch (OperationCanceledException) when (handling.IsCancellationRequested)
        {
            return WebhookOutcome.TimedOut;
        }
        catch (Exception exception)
        {
            // Whatever exception the handler throws, the events are not stored, and Adobe must send them again.
            _telemetry.NotStored(exception, events.Count);
            return WebhookOutcome.NotStored;
        }
    }

    private void Cancel(CancellationTokenSource handling)
    {
        try
        {
            handling.Cancel();
        }
        catch (AggregateException exception)
        {
            _telemetry.CallbackThrew(exception);
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9\-_.~+/=:]{1,512}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Challenge();
}
