using AssetCompute.Client;

await using var assetCompute = AssetComputeClient.Create(options =>
{
    options.Endpoint = options.ImsEndpoint = new Uri("http://127.0.0.1:8080");
    options.OrganizationId = "emulator@AdobeOrg";
    options.ClientId = "emulator-client";
    options.ClientSecrets.Add("emulator-secret");
});
var result = await assetCompute.Jobs.RunAsync(new ProcessRequest
{
    Source = new Uri(args[0]), // pre-signed URLs: one to read the photograph from,
    Renditions = [new Rendition { Name = "small.jpg", Format = "jpg", Width = 640, Target = new Uri(args[1]) }], // one to write to
});
foreach (var rendition in result.Renditions)
    Console.WriteLine(rendition);
