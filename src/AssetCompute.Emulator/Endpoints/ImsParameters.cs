using Microsoft.AspNetCore.Http;

namespace AssetCompute.Emulator;

/// <summary>The parameters of a call to IMS, from the body (urlencoded or multipart) or the query.</summary>
internal sealed class ImsParameters(IFormCollection form, IQueryCollection query)
{
    public string? this[string name] => form[name] is [var inBody, ..] ? inBody : query[name] is [var inQuery, ..] ? inQuery : null;

    public static async Task<ImsParameters> ReadAsync(HttpRequest request)
    {
        try
        {
            return new(request.HasFormContentType ? await request.ReadFormAsync(request.HttpContext.RequestAborted).ConfigureAwait(false) : FormCollection.Empty, request.Query);
        }
        catch (Exception exception) when (exception is InvalidDataException or BadHttpRequestException)
        {
            throw new ImsException(StatusCodes.Status400BadRequest, "bad_request", "The request's body cannot be read as a form.");
        }
    }
}
