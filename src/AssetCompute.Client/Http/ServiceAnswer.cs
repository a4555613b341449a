using AssetCompute.Client.Serialization;

namespace AssetCompute.Client.Http;

/// <summary>An answer of good status, with what could be read of its body.</summary>
internal sealed class ServiceAnswer(HttpResponseMessage response, BoundedBody body, HttpOperation operation)
{
    /// <summary>The fields of the body; null when it is not a whole JSON object.</summary>
    public AnswerBody? Body { get; } = body.IsEmpty || body.IsCut ? null : AnswerBody.Parse(body.Bytes);

    /// <summary>The id that the service and its events use; it need not be the one that was sent.</summary>
    public string RequestId => ResponseErrors.RequestIdOf(response) ?? Body?.RequestId ?? operation.RequestId!;

    /// <summary>Throws unless the service itself has said yes: a page of a proxy has status 200 too.</summary>
    /// <exception cref="AssetComputeException">It has not.</exception>
    public void DemandAcceptance()
    {
        if (Body is { Ok: false })
        {
            throw Complain("The body says that it was not done (\"ok\": false).");
        }

        if (Body is null && !(body.IsEmpty && ResponseErrors.RequestIdOf(response) is not null))
        {
            throw Complain("The body is not the JSON of the service. It may come from a proxy on the way: check the endpoint.");
        }
    }

    /// <summary>The exception for an answer whose status is good and whose body is not.</summary>
    public AssetComputeException Complain(string complaint) =>
        ResponseErrors.Create(response, body, operation, operation.Attempts, operation.Elapsed, complaint);
}
