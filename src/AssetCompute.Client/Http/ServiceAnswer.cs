using AssetCompute.Client.Serialization;

namespace AssetCompute.Client.Http;

/// <summary>An answer of good status, with what could be read of its body.</summary>
internal readonly struct ServiceAnswer
{
    private readonly HttpResponseMessage _response;
    private readonly BoundedBody _body;
    private readonly HttpOperation _operation;
    private readonly string? _requestId;

    public ServiceAnswer(HttpResponseMessage response, BoundedBody body, HttpOperation operation)
    {
        _response = response;
        _body = body;
        _operation = operation;
        _requestId = ResponseErrors.RequestIdOf(response);
        Body = body.IsEmpty || body.IsCut ? null : AnswerBody.Parse(body.Bytes);
    }

    /// <summary>The fields of the body; null when it is not a whole JSON object.</summary>
    public AnswerBody? Body { get; }

    /// <summary>The id that the service and its events use; it need not be the one that was sent.</summary>
    public string RequestId => _requestId ?? Body?.RequestId ?? _operation.RequestId!;

    /// <summary>Throws unless the service itself has said yes: a page of a proxy has status 200 too.</summary>
    /// <exception cref="AssetComputeException">It has not.</exception>
    public void EnsureAccepted()
    {
        if (Body is { Ok: false })
        {
            throw CreateException("The body says that it was not done (\"ok\": false).");
        }

        if (Body is null && !(_body.IsEmpty && _requestId is not null))
        {
            throw CreateException("The body is not the JSON of the service. It may come from a proxy on the way: check the endpoint.");
        }
    }

    /// <summary>The exception for an answer whose status is good and whose body is not.</summary>
    public AssetComputeException CreateException(string complaint) =>
        ResponseErrors.Create(_response, _body, _operation, _operation.Attempts, _operation.Elapsed, complaint);
}
