<?php
namespace Opencart\Catalog\Controller\Extension\OmsBridge;

require_once __DIR__ . '/../../system/library/oms_bridge/autoload.php';

/** Route extension/oms_bridge/api: the one address of the protocol. */
class Api extends \Opencart\System\Engine\Controller
{
    public function index(): void
    {
        $api = new \OmsBridge\Api(new \OmsBridge\Bridge(new \OmsBridge\LineShop($this->registry)));
        $api->run($_SERVER);
        // The answer is out; nothing of the shop may be added to it.
        exit();
    }
}
