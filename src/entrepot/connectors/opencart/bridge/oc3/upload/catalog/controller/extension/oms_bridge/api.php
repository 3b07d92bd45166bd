<?php
require_once DIR_SYSTEM . 'library/oms_bridge/autoload.php';

/** Route extension/oms_bridge/api: the one address of the protocol. */
class ControllerExtensionOmsBridgeApi extends Controller
{
    public function index()
    {
        $api = new \OmsBridge\Api(new \OmsBridge\Bridge(new \OmsBridge\LineShop($this->registry)));
        $api->run($_SERVER);
        // The answer is out; nothing of the shop may be added to it.
        exit();
    }
}
