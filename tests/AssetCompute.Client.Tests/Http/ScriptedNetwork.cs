using System.Net;
using System.Text;

namespace AssetCompute.Client.Tests.Http;

/// <summary>
/// A network that returns scripted responses, in order and immediately. A call that has not completed is therefore at a wait, and a test can advance the clock
/// without a race. A request that is not in the script, or that has another path, fails the test.
/// </summary>
internal sealed class ScriptedNetwork : HttpMessageHandler
{
    private readonly Queue<(string Path, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> Answer)> _script = new();

    public int Remaining => _script.Count;

    public static HttpResponseMessage Json(HttpStatusCode status, string body) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    public static HttpResponseMessage Success() =>
        Json(HttpStatusCode.OK, """{"ok":true,"journal":"https://journal.example/1","requestId":"r-1"}""");

    public ScriptedNetwork Expect(string path, Func<HttpRequestMessage, HttpResponseMessage> answer) =>
        Expect(path, (request, _) => Task.FromResult(answer(request)));

    public ScriptedNetwork Expect(string path, int status, string? retryAfter = null, string body = "") => Expect(path, _ =>
    {
        HttpResponseMessage response = Json((HttpStatusCode)status, body);
        if (retryAfter is not null)
        {
            response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        }

        return response;
    });

    public ScriptedNetwork ExpectSuccess(string path) => Expect(path, _ => Success());

    public ScriptedNetwork ExpectFailure(string path, Exception exception) => Expect(path, (_, _) => Task.FromException<HttpResponseMessage>(exception));

    /// <summary>A request whose response a test controls.</summary>
    public ScriptedNetwork ExpectAnswer(string path, Task<HttpResponseMessage> answer) =>
        Expect(path, (_, cancellationToken) => answer.WaitAsync(cancellationToken));

    /// <summary>A request that never gets a response.</summary>
    public ScriptedNetwork ExpectHang(string path) =>
        Expect(path, (_, cancellationToken) => new TaskCompletionSource<HttpResponseMessage>().Task.WaitAsync(cancellationToken));

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!_script.TryDequeue(out (string Path, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> Answer) step))
        {
            throw new InvalidOperationException($"Nobody expected {request.Method} {request.RequestUri}.");
        }

        return step.Path == request.RequestUri!.AbsolutePath
            ? step.Answer(request, cancellationToken)
            : throw new InvalidOperationException($"Expected {step.Path}, not {request.Method} {request.RequestUri}.");
    }

    private ScriptedNetwork Expect(string path, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer)
    {
        _script.Enqueue((path, answer));
        return this;
    }
}
