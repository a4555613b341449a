using AssetCompute.Client.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AssetCompute.Client.Webhooks;

/// <summary>
/// Receives what Adobe I/O Events sends to a webhook: bytes in, verified events out, and what to answer. It knows no web framework; for ASP.NET Core,
/// <c>MapAdobeEvents</c> of AssetCompute.Client.AspNetCore does the rest.
/// </summary>
/// <remarks>Keep one for the life of the program: it holds Adobe's public keys. Thread-safe.</remarks>
public sealed class WebhookReceiver : IAsyncDisposable, IDisposable
{
    private readonly string _clientId;
    private readonly int _maxBatchSize;
    private readonly int _maxConcurrentDeliveries;
    private readonly TimeSpan _answerTimeout;
    private readonly TimeProvider _timeProvider;
    private readonly CancellationToken _hostStopping;
    private readonly ConnectionPool? _connections;
    private readonly HttpClient? _ownedHttp;
    private readonly SignatureVerifier _verifier;
    private readonly OwnedTasks _tasks;
    private readonly RegistrationValidator _validator;
    private readonly WebhookTelemetry _telemetry;
    private int _deliveries;

    /// <summary>A receiver, for programs without a container.</summary>
    /// <param name="options">What is accepted. Later changes have no effect.</param>
    /// <param name="httpClient">Fetches the keys and opens the validation URLs; it remains the caller's to dispose. Default: one of its own.</param>
    /// <param name="logger">Where to log. Default: nowhere.</param>
    /// <param name="timeProvider">The clock. Default: the system's.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">An option is missing or out of range.</exception>
    public WebhookReceiver(WebhookOptions options, HttpClient? httpClient = null, ILogger? logger = null, TimeProvider? timeProvider = null)
        : this("", options, httpClient, logger ?? NullLogger.Instance, timeProvider ?? TimeProvider.System, CancellationToken.None)
    {
    }

    internal WebhookReceiver(string account, WebhookOptions options, HttpClient? httpClient, ILogger logger, TimeProvider timeProvider, CancellationToken hostStopping)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (WebhookOptionsRules.Check(options) is { Count: > 0 } errors)
        {
            throw new ArgumentException(string.Join(" ", errors), nameof(options));
        }

        _clientId = options.ClientId!;
        _maxBatchSize = options.MaxBatchSize;
        _maxConcurrentDeliveries = options.MaxConcurrentDeliveries;
        _answerTimeout = options.AnswerTimeout;
        MaxBodyBytes = options.MaxBodyBytes;
        _timeProvider = timeProvider;
        _hostStopping = hostStopping;
        _tasks = new OwnedTasks(timeProvider);
        if (httpClient is null)
        {
            _connections = new ConnectionPool(decompresses: true);
            httpClient = _ownedHttp = new HttpClient(_connections.Handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        }

        _telemetry = new WebhookTelemetry(account, logger, timeProvider);
        PublicKeyClient keys = new(httpClient, options.PublicKeyEndpoint, timeProvider);
        _verifier = new SignatureVerifier(new PublicKeyCache(keys, options.KeyLifetime, _tasks, _telemetry, timeProvider));
        _validator = new RegistrationValidator(httpClient, options.ValidationEndpoint, _tasks, _telemetry, timeProvider);
    }

    /// <summary>The largest body in bytes: <see cref="WebhookOptions.MaxBodyBytes"/>.</summary>
    public int MaxBodyBytes { get; }

    /// <summary>Answers a GET: 200 with the challenge, or 400 where it has none that could be Adobe's.</summary>
    /// <param name="challenge">The value of <c>challenge</c> in the query string, decoded; null where it has none.</param>
    public WebhookAnswer AnswerChallenge(string? challenge) =>
        _telemetry.Answered(WebhookChallenge.IsValid(challenge) ? WebhookOutcome.Challenge(challenge!) : WebhookOutcome.BadChallenge, _timeProvider.GetTimestamp());

    /// <summary>Answers a POST: reads it, verifies it, and has its events stored.</summary>
    /// <remarks>
    /// 200 where the events are stored; 401, 403, 400 or 413 where the delivery is refused for good; 503 for everything that may be tried again. Adobe sends a delivery
    /// again after 429 and 5xx, and drops it after any other status. A request to validate the registration is answered too.
    /// </remarks>
    /// <param name="body">The body as it came. It is read to its end, or up to the bound; not at all where there are <see cref="WebhookOptions.MaxConcurrentDeliveries"/> already.</param>
    /// <param name="signatures">The signatures in the headers.</param>
    /// <param name="handler">Stores the events.</param>
    /// <param name="cancellationToken">Cancelled when the sender has gone.</param>
    /// <returns>What to answer, within <see cref="WebhookOptions.AnswerTimeout"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public async Task<WebhookAnswer> ReceiveAsync(Stream body, WebhookSignatures signatures, IWebhookHandler handler, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(signatures);
        ArgumentNullException.ThrowIfNull(handler);
        long started = _timeProvider.GetTimestamp();
        try
        {
            WebhookOutcome outcome = Interlocked.Increment(ref _deliveries) <= _maxConcurrentDeliveries
                ? await HandleAsync(body, signatures, handler, started, cancellationToken).ConfigureAwait(false)
                : WebhookOutcome.Overloaded;
            return _telemetry.Answered(outcome, started);
        }
        finally
        {
            Interlocked.Decrement(ref _deliveries);
        }
    }

    /// <summary>The events of a delivery whose signature and recipient are right.</summary>
    /// <param name="body">The body as it came: the signature is over these very bytes.</param>
    /// <param name="signatures">The signatures in the headers.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The events, one at least.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="signatures"/> is null.</exception>
    /// <exception cref="WebhookException">The delivery is not accepted; <see cref="WebhookException.Refusal"/> says why.</exception>
    public async Task<IReadOnlyList<WebhookEvent>> VerifyAsync(ReadOnlyMemory<byte> body, WebhookSignatures signatures, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(signatures);
        if (body.Length > MaxBodyBytes)
        {
            throw new WebhookException(WebhookRefusal.TooLarge, $"The body has more than {MaxBodyBytes} bytes.");
        }

        await _verifier.VerifyAsync(body, signatures, cancellationToken).ConfigureAwait(false);
        return WebhookEnvelope.Parse(body, _clientId, _maxBatchSize);
    }

    /// <summary>Ends what still runs, and waits for it, up to <see cref="WebhookOptions.AnswerTimeout"/>: a handler that takes no notice of its token is left to itself then.</summary>
    public async ValueTask DisposeAsync()
    {
        if (await _tasks.EndAsync(_answerTimeout).ConfigureAwait(false) is > 0 and int left)
        {
            _telemetry.LeftRunning(left);
        }

        Dispose();
    }

    /// <summary>Ends what still runs, without waiting for it.</summary>
    public void Dispose()
    {
        _tasks.Dispose();
        _ownedHttp?.Dispose();
        _connections?.Dispose();
    }

    private async Task<WebhookOutcome> HandleAsync(Stream body, WebhookSignatures signatures, IWebhookHandler handler, long started, CancellationToken cancellationToken)
    {
        if (_hostStopping.IsCancellationRequested || _tasks.Stopping.IsCancellationRequested)
        {
            return WebhookOutcome.Stopping;
        }

        IReadOnlyList<WebhookEvent> events;
        using (CancellationTokenSource timeout = _timeProvider.CreateCancellationTokenSource(_answerTimeout))
        using (CancellationTokenSource any = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken, _tasks.Stopping))
        {
            try
            {
                using WebhookBody read = await WebhookBody.ReadAsync(body, MaxBodyBytes, any.Token).ConfigureAwait(false);
                if (WebhookEnvelope.ValidationUrlOf(read.Bytes.Span) is { } url)
                {
                    return Validate(url);
                }

                events = await VerifyAsync(read.Bytes, signatures, any.Token).ConfigureAwait(false);
            }
            catch (WebhookException exception)
            {
                return WebhookOutcome.Refused(exception);
            }
            catch (OperationCanceledException) when (any.IsCancellationRequested)
            {
                return Interrupted(cancellationToken);
            }
            catch (IOException)
            {
                return WebhookOutcome.Aborted;
            }
        }

        return await StoreAsync(events, handler, _answerTimeout - _timeProvider.GetElapsedTime(started), cancellationToken).ConfigureAwait(false);
    }

    private WebhookOutcome Validate(string url) =>
        _validator.Check(url) is not { } checkedUrl ? WebhookOutcome.BadValidation
        : _validator.TryStart(checkedUrl) ? WebhookOutcome.Validating
        : WebhookOutcome.Busy;

    /// <summary>The answer goes out in time also where the handler takes no notice of its token: it is then waited for, for a while, when the receiver is disposed.</summary>
    private async Task<WebhookOutcome> StoreAsync(IReadOnlyList<WebhookEvent> events, IWebhookHandler handler, TimeSpan left, CancellationToken cancellationToken)
    {
        if (left <= TimeSpan.Zero)
        {
            return WebhookOutcome.TimedOut;
        }

        if (_tasks.TryRun(() => TryStoreAsync(events, handler, left, cancellationToken)) is not { } storing)
        {
            return WebhookOutcome.Stopping;
        }

        try
        {
            return await storing.WaitAsync(left, _timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            return Interrupted(cancellationToken);
        }
    }

    private async Task<WebhookOutcome> TryStoreAsync(IReadOnlyList<WebhookEvent> events, IWebhookHandler handler, TimeSpan left, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = _timeProvider.CreateCancellationTokenSource(left);
        using CancellationTokenSource any = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken, _tasks.Stopping);
        try
        {
            await handler.HandleAsync(events, any.Token).ConfigureAwait(false);
            return WebhookOutcome.Stored(events.Count);
        }
        catch (OperationCanceledException) when (any.IsCancellationRequested)
        {
            return Interrupted(cancellationToken);
        }
        catch (Exception exception)
        {
            // Whatever a handler fails with, the events are not stored, and Adobe is to send them again.
            _telemetry.NotStored(exception, events.Count);
            return WebhookOutcome.NotStored;
        }
    }

    private WebhookOutcome Interrupted(CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? WebhookOutcome.Aborted
        : _tasks.Stopping.IsCancellationRequested ? WebhookOutcome.Stopping
        : WebhookOutcome.TimedOut;
}
