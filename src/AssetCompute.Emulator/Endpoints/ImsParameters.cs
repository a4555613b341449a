using Microsoft.AspNetCore.Http;

namespace AssetCompute.Emulator;

/// <summary>The parameters of a call to IMS, from the body (urlencoded or multipart) or the query.</summary>
internal sealed class ImsParameters(IFormCollection form, IQueryCollection query)
{
    public string? this[string name] =>
        form.TryGetValue(name, out var inBody) && inBody.Count > 0 ? inBody[0]
        : query.TryGetValue(name, out var inQuery) && inQuery.Count > 0 ? inQuery[0]
        : null;

    public static async Task<ImsParameters> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var form = request.HasFormContentType ? await request.ReadFormAsync(cancellationToken).ConfigureAwait(false) : FormCollection.Empty;
            return new(form, request.Query);
        }
        catch (Exception exception) when (exception is InvalidDataException or BadHttpRequestException)
        {
            throw new ImsException(StatusCodes.Status400BadRequest, "bad_request", "The request's body cannot be read as a form.");
        }
    }
}
