using AssetCompute.Client.Serialization;

namespace AssetCompute.Client.Http;

/// <summary>A successful answer of the service, and its body.</summary>
internal sealed class ServiceAnswer(HttpResponseMessage response, BoundedContent content, HttpOperation operation)
{
    private readonly string? _requestId = ResponseErrors.RequestIdOf(response);

    /// <summary>The fields of the body, or null when it is not a whole JSON object.</summary>
    public AnswerBody? Body { get; } = content.ToAnswer();

    /// <summary>The id that the service and its events use. It can differ from the one that was sent.</summary>
    public string RequestId => _requestId ?? Body?.RequestId ?? operation.RequestId!;

    /// <summary>Checks that the service itself has accepted the request: a page of a proxy has status 200 too.</summary>
    /// <exception cref="AssetComputeException">It has not.</exception>
    public void EnsureAccepted()
    {
        if (Body is { Ok: false })
        {
            throw CreateException("The body says that it was not done (\"ok\": false).");
        }

        if (Body is null && !(content.IsEmpty && _requestId is not null))
        {
            throw CreateException("The body is not the JSON of the service. It may come from a proxy on the way: check the endpoint.");
        }
    }

    /// <summary>Creates the exception for an answer whose body is not what was asked for.</summary>
    public AssetComputeException CreateException(string complaint) => ResponseErrors.Create(response, content, operation, complaint);
}
